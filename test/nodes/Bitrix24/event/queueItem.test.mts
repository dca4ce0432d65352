import type { Json } from '../../../../nodes/Bitrix24/event/payload.js';
import { limits } from '../../../../nodes/Bitrix24/event/payload.js';
import type { OfflineRecord, PortalInfo } from '../../../../nodes/Bitrix24/event/queueItem.js';
import {
	offlineRecordSchema,
	toQueueItem,
	toQueueItems,
	toRawQueueItem,
} from '../../../../nodes/Bitrix24/event/queueItem.js';
import { queuedLead } from '../../../fakes/queuedRecord.mjs';

describe('offlineRecordSchema', () => {
	it('reads a record as the portal lists it', () => {
		expect(offlineRecordSchema.parse({ ...queuedLead, PROCESS_ID: 'p', ERROR: 0 })).toEqual(queuedLead);
	});

	it('reads ids that come as numbers', () => {
		expect(offlineRecordSchema.parse({ ...queuedLead, ID: 28, MESSAGE_ID: 7 })).toEqual({
			...queuedLead,
			ID: '28',
			MESSAGE_ID: '7',
		});
	});

	it.each([
		['no data', 'EVENT_DATA', undefined, false],
		['data that is no JSON', 'EVENT_DATA', () => 'x', false],
		['data that is a text', 'EVENT_DATA', '128', '128'],
		['nothing about who did it', 'EVENT_ADDITIONAL', [], []],
		['no time', 'TIMESTAMP_X', undefined, ''],
		['a time that is no text', 'TIMESTAMP_X', 7, ''],
	])('takes a record with %s all the same', (_name, key, sent, read) => {
		expect(offlineRecordSchema.parse({ ...queuedLead, [key]: sent })).toEqual({ ...queuedLead, [key]: read });
	});

	it.each(['ID', 'EVENT_NAME', 'MESSAGE_ID'])('is no record without %s', (key) => {
		expect(offlineRecordSchema.safeParse({ ...queuedLead, [key]: undefined }).success).toBe(false);
	});
});

const portal: PortalInfo = {
	memberId: 'a223c6b3710f85df22e9377d6c4f7553',
	endpoint: 'https://some-domain.bitrix24.com/rest/',
	status: 'L',
};
const itemOf = (changes: Partial<OfflineRecord>, on: Partial<PortalInfo> = {}) =>
	toQueueItem({ ...queuedLead, ...changes }, { ...portal, ...on });

describe('toQueueItem', () => {
	it('makes the item of a deleted lead', () => {
		expect(toQueueItem(queuedLead, portal)).toEqual({
			event: 'ONCRMLEADDELETE',
			entity: 'lead',
			action: 'delete',
			id: 1000983,
			leadId: 1000983,
			queuedAt: '2025-03-24T09:06:39.000Z',
			portalDomain: 'some-domain.bitrix24.com',
			portalMemberId: 'a223c6b3710f85df22e9377d6c4f7553',
			portalEndpoint: 'https://some-domain.bitrix24.com/rest/',
			applicationStatus: 'local',
			userId: 1,
			messageId: '1cb5b1cba02fc3bd9f6b9ed3ae9ff64d',
		});
	});

	it('has null, and no missing key, where record and portal have nothing', () => {
		const nothing = { EVENT_NAME: 'onSomethingNew', EVENT_DATA: false, EVENT_ADDITIONAL: false, TIMESTAMP_X: '' };
		expect(itemOf(nothing, { endpoint: null, status: undefined })).toEqual({
			event: 'ONSOMETHINGNEW',
			entity: null,
			action: null,
			id: null,
			queuedAt: null,
			portalDomain: null,
			portalMemberId: portal.memberId,
			portalEndpoint: null,
			applicationStatus: null,
			userId: null,
			messageId: queuedLead.MESSAGE_ID,
		});
	});

	it.each([
		['the port that it has', 'http://127.0.0.1:8024/rest/', '127.0.0.1:8024'],
		['nothing where its endpoint is no address', 'rest', null],
	])('names as domain of a portal %s', (_name, endpoint, portalDomain) => {
		expect(itemOf({}, { endpoint })).toMatchObject({ portalDomain, portalEndpoint: endpoint });
	});

	it.each([
		['2025-03-24T12:06:39+03:00', '2025-03-24T09:06:39.000Z'],
		['', null],
		['yesterday', null],
	])('reads the time %p as %p', (timestamp, queuedAt) => {
		expect(itemOf({ TIMESTAMP_X: timestamp }).queuedAt).toBe(queuedAt);
	});

	it.each([
		[{ user_id: 27 }, 27],
		[{ user_id: '27' }, 27],
		[{ user_id: 0 }, null],
		[{ user_id: '' }, null],
		[{ user_id: null }, null],
		[{ user_id: ['27'] }, null],
		[{}, null],
		[[], null],
		[false, null],
	])('reads from %j who did it: %p', (additional, userId) => {
		expect(itemOf({ EVENT_ADDITIONAL: additional }).userId).toBe(userId);
	});

	it.each([
		['a text', '128', '128', null],
		['a number', 128, '128', null],
		['a list', ['128', 7], ['128', '7'], null],
		['more than an id', { ID: 7, TYPE_ID: 1220 }, { ID: '7', TYPE_ID: '1220' }, 7],
	])('adds data that is %s, as texts', (_name, sent, data, id) => {
		expect(itemOf({ EVENT_NAME: 'ONIMCONNECTORLINEDELETE', EVENT_DATA: sent })).toMatchObject({ id, data });
	});

	it.each<Json>([false, null, '', [], {}, { FIELDS: { ID: 7 } }])('adds no data for %j', (data) => {
		expect(itemOf({ EVENT_DATA: data })).not.toHaveProperty('data');
	});

	it("keeps data beyond the bounds for deliveries, for it is the portal's own", () => {
		const deep = Array.from({ length: 512 }).reduce<Json>((inner) => ({ a: inner }), 'v');
		const wide = Array.from({ length: 2 * limits.values }, (_, index) => String(index));
		const FIELDS = { ID: 7, ['k'.repeat(2 * limits.keyCharacters)]: 'long', deep, wide };
		expect(itemOf({ EVENT_DATA: { FIELDS } })).toMatchObject({ id: 7, leadId: 7, data: { FIELDS: { deep, wide } } });
	});

	it('keeps of data neither what is null nor a way to a prototype, and writes truth values as PHP does', () => {
		const FIELDS: Json = JSON.parse('{"ID":7,"__proto__":{"x":"1"},"A":null,"B":[true,false,null,"x"]}');
		expect(itemOf({ EVENT_DATA: { FIELDS } }).data).toEqual({ FIELDS: { ID: '7', B: ['1', '0', 'x'] } });
	});
});

describe('a token in the data of a queued event', () => {
	const live = 'fkp0n2al3gpu1mcs6yqoxy0hbyhqxi4e';
	const record: OfflineRecord = { ...queuedLead, EVENT_DATA: { TOKEN: live, METHOD: 'm', NOTE: `x${live}` } };

	it.each([
		['simplified', () => toQueueItem(record, portal)],
		['raw', () => toRawQueueItem({ ...record, EVENT_ADDITIONAL: { user_id: 1, note: live } })],
	])('is not in the %s item, neither under its name nor elsewhere', (_name, make) => {
		const item = JSON.stringify(make());
		expect(item).not.toContain(live);
		expect(item).toContain('"METHOD":"m"');
	});
});

describe('toRawQueueItem', () => {
	it('gives the record as Bitrix24 names it, and nothing of the reservation', () => {
		const record = { ...queuedLead, PROCESS_ID: 'p', ERROR: 0 };
		expect(toRawQueueItem(record)).toEqual({
			ID: '28',
			TIMESTAMP_X: '2025-03-24T09:06:39+00:00',
			EVENT_NAME: 'ONCRMLEADDELETE',
			EVENT_DATA: { FIELDS: { ID: 1000983 } },
			EVENT_ADDITIONAL: { user_id: 1 },
			MESSAGE_ID: '1cb5b1cba02fc3bd9f6b9ed3ae9ff64d',
		});
	});
});

describe('toQueueItems', () => {
	const other = { ...queuedLead, ID: '29', EVENT_DATA: { FIELDS: { ID: 7 } } };

	it('makes a flat item of each record, in their order', () => {
		expect(toQueueItems([other, queuedLead], portal, true)).toMatchObject([{ leadId: 7 }, { leadId: 1000983 }]);
	});

	it('hands the records on as Bitrix24 names them', () => {
		expect(toQueueItems([queuedLead, other], portal, false)).toEqual([queuedLead, other]);
	});
});
