import { bitrixTrue } from '../../../../nodes/Bitrix24/api/response.js';

describe('carriedOut', () => {
	it.each([true, 1, '1', 'true', 'Y'])('takes %j for done', (result) => {
		expect(bitrixTrue.safeParse(result).success).toBe(true);
	});

	it.each([false, 0, 7, 'N', '', null, undefined, {}, [], { count: 1 }])('does not take %j for done', (result) => {
		expect(bitrixTrue.safeParse(result).success).toBe(false);
	});
});
