import { readQueueSettings } from '../../../../nodes/Bitrix24/settings/settings.js';

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
	maxAttempts: 3,
	retryErrors: false,
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
		const options = { maxAttempts: 5, retryErrors: true, whenStopped: 'unsubscribe', queueName: 'leads-to-slack' };
		const events = { events: ['oncrmleaddelete'], otherEvents: ['ONCRMDYNAMICITEMADD_1220'] };
		expect(read({ ...chosen, ...events, checkEvery: 60, options })).toEqual({
			...chosen,
			...options,
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
