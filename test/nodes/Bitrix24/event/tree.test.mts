import type { PayloadValue } from '../../../../nodes/Bitrix24/event/payload.js';
import { isPayloadObject } from '../../../../nodes/Bitrix24/event/payload.js';

describe('isMap', () => {
	it.each<PayloadValue>([{}, { a: 'b' }])('finds a map in %j', (value) => {
		expect(isPayloadObject(value)).toBe(true);
	});

	it.each<PayloadValue | undefined>([undefined, '', 'text', [], ['a'], [{}]])('finds no map in %j', (value) => {
		expect(isPayloadObject(value)).toBe(false);
	});
});
