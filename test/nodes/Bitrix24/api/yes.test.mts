import { bitrixBoolean } from '../../../../nodes/Bitrix24/api/response.js';

describe('yes', () => {
	it.each([true, 1, 'Y', 'y', '1', 'true', 'TRUE'])('reads %p as yes', (value) => {
		expect(bitrixBoolean.parse(value)).toBe(true);
	});

	it.each([false, 0, 2, 'N', '', '0', 'false', 'yes', 'Yo', 'aY', '11', ' Y', null, undefined, {}, [], NaN])(
		'reads %p as no',
		(value) => {
			expect(bitrixBoolean.parse(value)).toBe(false);
		},
	);
});
