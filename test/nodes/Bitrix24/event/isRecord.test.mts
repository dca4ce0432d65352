import { isRecord } from '../../../../nodes/Bitrix24/event/payload.js';

describe('isRecord', () => {
	it.each([{}, { a: 1 }, Object.create(null)])('takes %j for a map', (value) => {
		expect(isRecord(value)).toBe(true);
	});

	it.each([null, undefined, [], ['a'], 'text', '', 7, true])('does not take %j for a map', (value) => {
		expect(isRecord(value)).toBe(false);
	});
});
