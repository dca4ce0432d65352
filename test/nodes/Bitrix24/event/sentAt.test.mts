import fc from 'fast-check';

import { sentAt } from '../../../../nodes/Bitrix24/event/event.js';

describe('sentAt', () => {
	it('reads seconds since 1970', () => {
		expect(sentAt('1742807199')).toBe(Date.UTC(2025, 2, 24, 9, 6, 39));
	});

	it.each([
		undefined,
		'',
		'yesterday',
		'-1',
		'1.5',
		'1e9',
		' 1',
		'1742807199\n',
		'8640000000001',
		'99999999999999',
		'00001742807199',
	])('is null for %p', (ts) => {
		expect(sentAt(ts)).toBeNull();
	});

	it('reads the first second and the last that a date can name', () => {
		expect([sentAt('0'), sentAt('8640000000000')]).toEqual([0, 8_640_000_000_000_000]);
	});

	it('is always a time that a date can name, whatever digits come in', () => {
		const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 15 });
		fc.assert(
			fc.property(digits, (ts) => {
				const time = sentAt(ts);
				expect(time === null || !Number.isNaN(new Date(time).getTime())).toBe(true);
			}),
		);
	});
});
