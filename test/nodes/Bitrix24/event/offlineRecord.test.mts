import { offlineRecordSchema } from '../../../../nodes/Bitrix24/event/queueItem.js';
import { queuedLead } from '../../../fakes/queuedRecord.mjs';

describe('offlineRecord', () => {
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
		['nobody who did it', 'EVENT_ADDITIONAL', undefined, false],
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
