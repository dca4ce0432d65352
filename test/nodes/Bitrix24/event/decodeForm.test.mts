import fc from 'fast-check';

import { decodeForm } from '../../../../nodes/Bitrix24/event/formBody.js';

describe('decodeForm', () => {
	it.each([
		['text without an escape', 'abc', 'abc'],
		['plus signs', 'a+b++c', 'a b  c'],
		['an escaped plus sign', '1%2B1', '1+1'],
		['escapes in either case', '%d0%9b%D0%B8%d0%B4', 'Лид'],
		['a character that is not encoded', 'я', 'я'],
		['a character that is not encoded, beside one that is', 'я%D1%8F', 'яя'],
		['an escape that is none', '50%', '50%'],
		['an escape that is none, beside one that is', '%zz%41%4', '%zzA%4'],
		['all of it at once', 'я+%D1%8F%', 'я я%'],
		['bytes that are no UTF-8', 'a%FFb', 'a\uFFFDb'],
		['half a character', '%D0', '\uFFFD'],
		['half a character beside an escape that is none', '%D0%', '\uFFFD%'],
		['nothing', '', ''],
	])('reads %s', (_name, encoded, decoded) => {
		expect(decodeForm(encoded)).toBe(decoded);
	});

	it('reads back whatever is encoded', () => {
		fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => decodeForm(encodeURIComponent(text)) === text));
	});

	it('reads ASCII as a browser does, whatever stands in it', () => {
		const piece = fc.oneof(
			fc.constantFrom('%', '%4', '%41', '%ff', '%d0%9b', '%E2%82', '+', ' '),
			fc.string({ unit: 'binary-ascii', maxLength: 3 }),
		);
		const encoded = fc.array(piece).map((pieces) => pieces.join('').replaceAll('&', ''));
		fc.assert(fc.property(encoded, (text) => decodeForm(text) === new URLSearchParams(`=${text}`).get('')));
	});

	it('does not stumble over half a surrogate pair', () => {
		expect(decodeForm('\uD800%')).toBe('\uFFFD%');
	});
});
