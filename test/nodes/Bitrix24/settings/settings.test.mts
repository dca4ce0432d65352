import { readQueueSettings, readTriggerSettings } from '../../../../nodes/Bitrix24/settings/settings.js';

type Values = { [name: string]: unknown };

/** A form that holds these values and nothing else. */
const form = (values: Values) => ({
	getNodeParameter: (name: string, fallback?: unknown) => (name in values ? values[name] : fallback),
});

const ofBoth = {
	events: [],
	simplify: true,
	ignoreUserIds: new Set(),
	includeUser: false,
	includeRecord: false,
	recordFields: [],
};
const ofTrigger = { ...ofBoth, authentication: 'oAuth2', maxAgeMinutes: 0, testWith: 'sample' };
const ofQueue = {
	...ofBoth,
	checkEverySeconds: 30,
	batchSize: 100,
	execution: 'perBatch',
	acknowledge: 'afterSuccess',
	maxAttempts: 5,
	retryErrors: false,
	whenStopped: 'keepCollecting',
	queueName: '',
};

describe.each([
	['Bitrix24 Trigger', readTriggerSettings, ofTrigger],
	['Bitrix24 Queue Trigger', readQueueSettings, ofQueue],
])('the form of %s', (_name, read, defaults) => {
	it.each<[Values, Values]>([
		[{}, {}],
		[{ simplify: false }, { simplify: false }],
		[{ events: ['ONA'], otherEvents: ['ONB_31'] }, { events: ['ONA', 'ONB_31'] }],
		[{ events: [' onTaskAdd ', '', ' '] }, { events: ['ONTASKADD'] }],
		[{ otherEvents: 'onCrmLeadDelete, onTaskAdd,' }, { events: ['ONCRMLEADDELETE', 'ONTASKADD'] }],
		[{ options: { includeRecord: true, includeUser: true } }, { includeRecord: true, includeUser: true }],
		[{ options: { recordFields: ' id, title ,' } }, { recordFields: ['id', 'title'] }],
		[{ options: { recordFields: ['id', ' title'] } }, { recordFields: ['id', 'title'] }],
		[{ options: { ignoreUserIds: ' 7 ,, 12,' } }, { ignoreUserIds: new Set(['7', '12']) }],
		[{ options: { ignoreUserIds: 7 } }, { ignoreUserIds: new Set(['7']) }],
		[{ options: { ignoreUserIds: [7, '12, 13'] } }, { ignoreUserIds: new Set(['7', '12', '13']) }],
		[{ options: { ignoreUserIds: '0' } }, {}],
	])('says %j', (values, changes) => {
		expect(read(form(values))).toEqual({ ...defaults, ...changes });
	});

	it.each<Values>([
		...[undefined, null, 7, true, {}, [7], [['ONTASKADD']]].map((events) => ({ events })),
		...['no', null].map((simplify) => ({ simplify })),
		...['nothing', null].map((options) => ({ options })),
		...['', null, { id: 7 }].map((ignoreUserIds) => ({ options: { ignoreUserIds } })),
		...['', null, [7]].map((recordFields) => ({ options: { recordFields } })),
		{ options: { includeUser: 'yes' } },
	])('says nothing where an expression makes of it %j', (values) => {
		expect(read(form(values))).toEqual(defaults);
	});
});

describe('readTriggerSettings', () => {
	it.each<[Values, Values]>([
		[{ options: { testWith: 'realEvent' } }, { testWith: 'realEvent' }],
		// An outgoing webhook gives no access to records.
		[{ authentication: 'outgoingWebhook', options: { includeRecord: true } }, { authentication: 'outgoingWebhook' }],
		[{ authentication: 'x', options: { testWith: 'x', maxAgeMinutes: 5 } }, { maxAgeMinutes: 5 }],
		...[
			[10, 10],
			['10', 10],
			[0.5, 0.5],
			['', 0],
			[null, 0],
			[-1, NaN],
			['soon', NaN],
		].map(([sent, maxAgeMinutes]): [Values, Values] => [{ options: { maxAgeMinutes: sent } }, { maxAgeMinutes }]),
	])('reads %j', (values, changes) => {
		expect(readTriggerSettings(form(values))).toEqual({ ...ofTrigger, ...changes });
	});
});

describe('readQueueSettings', () => {
	it.each<[Values, Values]>([
		[{ execution: 'perEvent' }, { execution: 'perEvent' }],
		...['afterFinish', 'onReceipt'].map((acknowledge): [Values, Values] => [{ acknowledge }, { acknowledge }]),
		[{ execution: 'perHour', acknowledge: 'never' }, {}],
		[{ options: { retryErrors: true } }, { retryErrors: true }],
		[{ options: { whenStopped: 'unsubscribe' } }, { whenStopped: 'unsubscribe' }],
		[{ options: { retryErrors: 'yes', whenStopped: 'explode', queueName: 7 } }, {}],
		[{ options: { queueName: '  leads ' } }, { queueName: 'leads' }],
		...[1, '4'].map((maxAttempts): [Values, Values] => [{ options: { maxAttempts } }, { maxAttempts: +maxAttempts }]),
		...[0, 2.5, 'often'].map((maxAttempts): [Values, Values] => [{ options: { maxAttempts } }, {}]),
	])('reads %j', (values, changes) => {
		expect(readQueueSettings(form(values))).toEqual({ ...ofQueue, ...changes });
	});

	it.each([
		[5, 5],
		[4.9, 5],
		['', 5],
		['12', 12],
		[7.5, 7.5],
		[1_999_999, 1_999_999],
		[9e9, 2_000_000],
		['soon', 30],
		[Infinity, 30],
		[{}, 30],
	])('looks at the queue not too often, and not never: %p becomes %p seconds', (checkEvery, seconds) => {
		expect(readQueueSettings(form({ checkEvery })).checkEverySeconds).toBe(seconds);
	});

	it.each([
		[0, 1],
		[2.9, 2],
		['250', 250],
		[1000, 1000],
		[1001, 1000],
		[Infinity, 1000],
		['many', 100],
		[[1, 2], 100],
	])('asks for a number of records that the portal can give: %p becomes %p', (batchSize, size) => {
		expect(readQueueSettings(form({ batchSize })).batchSize).toBe(size);
	});
});
