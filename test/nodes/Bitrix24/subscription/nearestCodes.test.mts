import fc from 'fast-check';

import { eventCatalogue } from '../../../../nodes/Bitrix24/event/catalogue.js';
import { nearestCodes } from '../../../../nodes/Bitrix24/subscription/selectedEvents.js';

const known = eventCatalogue.map(({ code }) => code);

describe('nearestCodes', () => {
	it.each([
		['ONCRMLEADDELETED', 'ONCRMLEADDELETE'],
		['ONLEADDELET', 'ONCRMLEADDELETE'],
		['CRMLEADADD', 'ONCRMLEADADD'],
		['ONTASKADDED', 'ONTASKADD'],
		['ONCRMLEADUPDATED', 'ONCRMLEADUPDATE'],
	])('finds for %s first %s', (code, nearest) => {
		expect(nearestCodes(code, known)[0]).toBe(nearest);
	});

	it('finds three at most, or as many as asked for', () => {
		expect(nearestCodes('ONCRMLEAD', known)).toHaveLength(3);
		expect(nearestCodes('ONCRMLEAD', known, 5)).toHaveLength(5);
	});

	it('puts the nearer first, and those that are as near in alphabetical order', () => {
		expect(nearestCodes('ABCD', ['XBCD', 'ABCX', 'ABCD', 'ABCDE'])).toEqual(['ABCD', 'ABCDE', 'ABCX']);
		expect(nearestCodes('ABCD', ['XBCD', 'ABCX'])).toEqual(['ABCX', 'XBCD']);
	});

	it('leaves out what shares less than half', () => {
		expect(nearestCodes('ABC', ['ABX'])).toEqual(['ABX']);
		expect(nearestCodes('ABCD', ['ABXY'])).toEqual([]);
		expect(nearestCodes('SOMETHING', known)).toEqual([]);
	});

	it.each([
		['', ['A', '']],
		['A', ['A', 'B', '']],
	])('finds nothing for %p, which has no two letters', (code, list) => {
		expect(nearestCodes(code, list)).toEqual([]);
	});

	it('finds something for a known code, and nothing that is not known, whatever else is known', () => {
		const code = fc.string({ unit: fc.constantFrom(...'ABCDE'), minLength: 2, maxLength: 8 });
		fc.assert(
			fc.property(code, fc.array(code), (own, others) => {
				const nearest = nearestCodes(own, [...others, own]);
				expect([1, 2, 3]).toContain(nearest.length);
				expect([...others, own]).toEqual(expect.arrayContaining(nearest));
			}),
		);
	});
});
