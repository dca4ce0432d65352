import fc from 'fast-check';

import { toId } from '../../../../nodes/Bitrix24/event/itemFields.js';

describe('toId', () => {
	it.each([
		['1000983', 1000983],
		['0', 0],
		['7', 7],
		['10', 10],
		['999999999999999', 999999999999999],
	])('makes a number of %s', (id, expected) => {
		expect(toId(id)).toBe(expected);
	});

	it.each(['007', '00', '1000000000000000', 'CHE', '', '-7', '+7', '7.5', '1e3', '0x7', ' 7', '7 ', '7\n', '٧', 'NaN'])(
		'leaves %p as sent',
		(id) => {
			expect(toId(id)).toBe(id);
		},
	);

	it('loses nothing of any id: written as text, it is what was sent', () => {
		const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 20 });
		fc.assert(fc.property(fc.oneof(digits, fc.string()), (id) => String(toId(id)) === id));
	});
});
