import { readQueueSettings, readTriggerSettings } from '../../../../nodes/Bitrix24/settings/settings.js';

/** Reads a form that holds these values and nothing else. */
const read = (values: { [name: string]: unknown }) =>
	readTriggerSettings({ getNodeParameter: (name, fallback) => (name in values ? values[name] : fallback) });
const option = (name: string, value: unknown) => read({ options: { [name]: value } });

describe('readTriggerSettings', () => {
	it('has the defaults of the form', () => {
		expect(read({})).toEqual({
			authentication: 'oAuth2',
			events: [],
			simplify: true,
			includeUser: false,
			ignoreUserIds: new Set(),
			includeRecord: false,
			recordFields: [],
			maxAgeMinutes: 0,
			testWith: 'sample',
		});
	});

	it('reads what the user chose', () => {
		const values = {
			authentication: 'outgoingWebhook',
			events: ['ONCRMLEADDELETE'],
			otherEvents: ['ONCRMDYNAMICITEMADD_31'],
			simplify: false,
			options: {
				includeRecord: true,
				includeUser: true,
				ignoreUserIds: '7, 12',
				maxAgeMinutes: 10,
				recordFields: ' id, title ,',
				testWith: 'realEvent',
			},
		};
		expect(read(values)).toEqual({
			authentication: 'outgoingWebhook',
			events: ['ONCRMLEADDELETE', 'ONCRMDYNAMICITEMADD_31'],
			simplify: false,
			includeUser: true,
			ignoreUserIds: new Set(['7', '12']),
			// An outgoing webhook gives no access to records.
			includeRecord: false,
			recordFields: ['id', 'title'],
			maxAgeMinutes: 10,
			testWith: 'realEvent',
		});
		expect(read({ ...values, authentication: 'oAuth2' }).includeRecord).toBe(true);
	});

	it.each([
		[
			['id', ' title'],
			['id', 'title'],
		],
		[[7], []],
		[null, []],
		['', []],
	])('reads the fields of a record %j as %j', (value, fields) => {
		expect(option('recordFields', value).recordFields).toEqual(fields);
	});

	it.each([
		[10, 10],
		['10', 10],
		[0.5, 0.5],
		[0, 0],
		['', 0],
		[null, 0],
		[-1, NaN],
		['soon', NaN],
	])('reads a maximum age of %p as %p minutes', (value, minutes) => {
		expect(option('maxAgeMinutes', value).maxAgeMinutes).toBe(minutes);
	});

	it.each([
		[' 7 ,, 12,', ['7', '12']],
		[7, ['7']],
		[
			[7, '12, 13'],
			['7', '12', '13'],
		],
		['0', []],
		['', []],
		[null, []],
		[{ id: 7 }, []],
	])('reads the people to ignore from %j', (ignoreUserIds, ids) => {
		expect(option('ignoreUserIds', ignoreUserIds).ignoreUserIds).toEqual(new Set(ids));
	});

	it('takes the default for what an expression makes of another kind, and keeps the rest', () => {
		expect(
			read({ authentication: 'x', simplify: 'no', options: { includeUser: 'yes', maxAgeMinutes: 5 } }),
		).toMatchObject({
			authentication: 'oAuth2',
			simplify: true,
			includeUser: false,
			maxAgeMinutes: 5,
			testWith: 'sample',
		});
		expect(option('testWith', 'x').testWith).toBe('sample');
		expect(read({ options: null })).toMatchObject({ includeUser: false, maxAgeMinutes: 0, testWith: 'sample' });
	});
});

describe('Bitrix24 Queue Trigger', () => {
	/** Reads a form in which only some fields are filled in. */
	function read(parameters: { [name: string]: unknown } = {}) {
		return readQueueSettings({
			getNodeParameter: (name, fallback) => (name in parameters ? parameters[name] : fallback),
		});
	}

	const defaults = {
		events: [],
		simplify: true,
		checkEverySeconds: 30,
		batchSize: 100,
		execution: 'perBatch',
		acknowledge: 'afterSuccess',
		maxAttempts: 5,
		retryErrors: false,
		ignoreUserIds: new Set(),
		includeUser: false,
		includeRecord: false,
		recordFields: [],
		whenStopped: 'keepCollecting',
		queueName: '',
	};

	describe('readQueueSettings', () => {
		it('has a default for everything', () => {
			expect(read()).toEqual(defaults);
		});

		it('asks n8n for the defaults of the form', () => {
			const getNodeParameter = jest.fn((_name: string, fallback?: unknown) => fallback);
			readQueueSettings({ getNodeParameter });
			expect(getNodeParameter.mock.calls).toHaveLength(8);
			expect(getNodeParameter.mock.calls).toEqual(
				expect.arrayContaining([
					['events', []],
					['otherEvents', []],
					['simplify', true],
					['checkEvery', 30],
					['batchSize', 100],
					['execution', 'perBatch'],
					['acknowledge', 'afterSuccess'],
					['options', {}],
				]),
			);
		});

		it('takes what the user chose', () => {
			const chosen = {
				simplify: false,
				batchSize: 7,
				execution: 'perEvent',
				acknowledge: 'afterFinish',
			};
			const yes = { retryErrors: true, includeUser: true, includeRecord: true };
			const options = { maxAttempts: 4, ...yes, whenStopped: 'unsubscribe', queueName: 'leads-to-slack' };
			const events = { events: ['oncrmleaddelete'], otherEvents: ['ONCRMDYNAMICITEMADD_1220'] };
			expect(read({ ...chosen, ...events, checkEvery: 60, options: { ...options, recordFields: 'id' } })).toEqual({
				...chosen,
				...options,
				ignoreUserIds: new Set(),
				recordFields: ['id'],
				checkEverySeconds: 60,
				events: ['ONCRMLEADDELETE', 'ONCRMDYNAMICITEMADD_1220'],
			});
			expect(read({ acknowledge: 'onReceipt' })).toEqual({ ...defaults, acknowledge: 'onReceipt' });
		});

		it.each([
			[5, 5],
			[4.9, 5],
			[0, 5],
			[-1, 5],
			['', 5],
			['12', 12],
			[7.5, 7.5],
			[1_999_999, 1_999_999],
			[9e9, 2_000_000],
			['soon', 30],
			[Infinity, 30],
			[NaN, 30],
			[{}, 30],
		])('looks at the queue not too often, and not never: %p becomes %p seconds', (checkEvery, seconds) => {
			expect(read({ checkEvery }).checkEverySeconds).toBe(seconds);
		});

		it.each([
			[1, 1],
			[0, 1],
			[-5, 1],
			[2.9, 2],
			['250', 250],
			[1000, 1000],
			[1001, 1000],
			[Infinity, 1000],
			['many', 100],
			[[1, 2], 100],
		])('asks for a number of records that the portal can give: %p becomes %p', (batchSize, size) => {
			expect(read({ batchSize }).batchSize).toBe(size);
		});

		it.each([
			[{ maxAttempts: 1 }, { maxAttempts: 1 }],
			[{ maxAttempts: '4' }, { maxAttempts: 4 }],
			[{ maxAttempts: 0 }, {}],
			[{ maxAttempts: 2.5 }, {}],
			[{ maxAttempts: 'often' }, {}],
			[{ retryErrors: 'yes' }, {}],
			[{ whenStopped: 'explode' }, {}],
			[{ queueName: '  leads ' }, { queueName: 'leads' }],
			[{ queueName: 7 }, {}],
			[{ ignoreUserIds: '7' }, { ignoreUserIds: new Set(['7']) }],
			['nothing', {}],
			[null, {}],
		])('reads the options %j', (options, changes) => {
			expect(read({ options })).toEqual({ ...defaults, ...changes });
		});

		it.each([[{ simplify: 'no' }], [{ execution: 'perHour' }], [{ acknowledge: 'never' }]])(
			'falls back to the default for %j, which only an expression can give',
			(parameters) => {
				expect(read(parameters)).toEqual(defaults);
			},
		);
	});
});

describe('events', () => {
	/** Reads a form that holds these values and nothing else. */
	const read = (values: { [name: string]: unknown }) =>
		readTriggerSettings({ getNodeParameter: (name, fallback) => (name in values ? values[name] : fallback) }).events;

	describe('the events of both lists', () => {
		it('puts both lists together, those of the catalogue first', () => {
			expect(read({ otherEvents: ['ONCRMDYNAMICITEMADD_31'], events: ['ONCRMLEADADD', 'ONCRMLEADDELETE'] })).toEqual([
				'ONCRMLEADADD',
				'ONCRMLEADDELETE',
				'ONCRMDYNAMICITEMADD_31',
			]);
		});

		it.each([
			['codes in any case, with spaces', [' onCrmLeadDelete ', 'ONTASKADD'], ['ONCRMLEADDELETE', 'ONTASKADD']],
			['one code', 'onCrmLeadDelete', ['ONCRMLEADDELETE']],
			['codes with commas between them', 'onCrmLeadDelete, onTaskAdd,', ['ONCRMLEADDELETE', 'ONTASKADD']],
			['empty codes', ['', ' ', 'ONTASKADD'], ['ONTASKADD']],
			['an empty text', '', []],
			['an empty list', [], []],
		])('reads from an expression %s', (_name, value, codes) => {
			expect(read({ events: value })).toEqual(codes);
			expect(read({ otherEvents: value })).toEqual(codes);
		});

		it.each([undefined, null, 7, true, {}, [7], [['ONTASKADD']]])('reads nothing from %p', (value) => {
			expect(read({ events: value, otherEvents: ['ONTASKADD'] })).toEqual(['ONTASKADD']);
		});

		it('reads nothing from a form that is empty', () => {
			expect(read({})).toEqual([]);
		});
	});
});
