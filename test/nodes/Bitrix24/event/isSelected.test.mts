import { isSelected } from '../../../../nodes/Bitrix24/event/codes.js';

describe('isSelected', () => {
	it.each([
		['ONCRMLEADDELETE', ['ONCRMLEADDELETE']],
		['ONCRMLEADDELETE', ['ONCRMDEALADD', 'ONCRMLEADDELETE']],
		['ONCRMLEADDELETE', ['ONLEADDELETE']],
		['ONLEADDELETE', ['ONCRMLEADDELETE']],
		['onCrmDealAdd', ['ONCRMDEALADD']],
		['ONCRMDYNAMICITEMADD_1220', ['ONCRMDYNAMICITEMADD_1220']],
	])('finds %s in %j', (code, selected) => {
		expect(isSelected(code, selected)).toBe(true);
	});

	it.each([
		['ONCRMLEADDELETE', []],
		['ONCRMLEADADD', ['ONCRMLEADDELETE', 'ONCRMDEALADD']],
		['ONCRMLEAD', ['ONCRMLEADDELETE']],
		['ONCRMDYNAMICITEMADD', ['ONCRMDYNAMICITEMADD_1220']],
		['ONCRMDYNAMICITEMADD_122', ['ONCRMDYNAMICITEMADD_1220']],
	])('does not find %s in %j', (code, selected) => {
		expect(isSelected(code, selected)).toBe(false);
	});
});
