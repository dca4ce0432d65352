import fc from 'fast-check';
import { stringify } from 'qs';

import { decodeForm, parseForm } from '../../../../nodes/Bitrix24/event/formBody.js';
import { limits } from '../../../../nodes/Bitrix24/event/payload.js';
import { anyForm } from './payloads.mjs';

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
		['half a surrogate pair', '\uD800%', '\uFFFD%'],
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
});

const repeated = (count: number) => Array.from({ length: count }, (_, index) => `k${index}=v`).join('&');
const nested = (depth: number) => `a${'[b]'.repeat(depth - 1)}=v`;

describe('parseForm', () => {
	it.each([
		['a space as a plus sign', 'a=b+c', { a: 'b c' }],
		['percent-encoded text', 'a%5Bb%5D=%D0%9B%D0%B8%D0%B4%20%F0%9F%8E%89', { a: { b: 'Лид 🎉' } }],
		['brackets that are not encoded', 'a[b][c]=1', { a: { b: { c: '1' } } }],
		['a value that holds an equals sign', 'a=b=c', { a: 'b=c' }],
		['a key without a value', 'a', { a: '' }],
		['numbered entries as a list', 'a[0]=x&a[1]=y', { a: ['x', 'y'] }],
		['entries without a number as a list', 'a[]=x&a[]=y', { a: ['x', 'y'] }],
		['a list of maps', 'a[0][b]=x&a[1][b]=y', { a: [{ b: 'x' }, { b: 'y' }] }],
		['a list of maps without a number', 'a[][b]=x&a[][b]=y', { a: [{ b: 'x' }, { b: 'y' }] }],
		['numbers that do not begin with 0 as a map', 'a[1]=x&a[2]=y', { a: { '1': 'x', '2': 'y' } }],
		['numbers in another order as a map', 'a[1]=x&a[0]=y', { a: { '1': 'x', '0': 'y' } }],
		['a list with a name among its keys', 'a[0]=x&a[b]=y', { a: { '0': 'x', b: 'y' } }],
		['numbers with gaps as a map', 'a[567][b]=x', { a: { '567': { b: 'x' } } }],
		['a key that stands twice as both, so that neither counts', 'a[t]=1&a[t]=2', { a: { t: ['1', '2'] } }],
		['a key that stands three times', 'a=1&a=2&a=3', { a: ['1', '2', '3'] }],
		['an empty body', '', {}],
	])('reads %s', (_name, body, expected) => {
		expect(parseForm(body)).toEqual(expected);
	});

	it.each([
		['an empty key', '=v'],
		['a key that begins with a bracket', '[a]=v'],
		['a bracket that is not closed', 'a[b=v'],
		['text after the brackets', 'a[b]c=v'],
		['text between brackets', 'a[b]c[d]=v'],
		['brackets within brackets', 'a[b[c]]=v'],
		['a text where a map stands', 'a[b]=v&a=w'],
		['a map where a text stands', 'a=v&a[b]=w'],
		['a prototype', '__proto__[isAdmin]=1'],
		['a prototype further in', 'data[__proto__][isAdmin]=1'],
		['a constructor', 'a[constructor][prototype][b]=1'],
		['a key that is too long', `${'k'.repeat(limits.keyCharacters + 1)}=v`],
		['a key further in that is too long', `a[${'k'.repeat(limits.keyCharacters + 1)}]=v`],
		['more nesting than a portal sends', nested(limits.depth + 1)],
		['very much more nesting', nested(100_000)],
		['more values than a portal sends', repeated(limits.values + 1)],
		['more text than a portal sends', `a=${'v'.repeat(limits.characters)}`],
	])('gives up on %s', (_name, body) => {
		expect(parseForm(body)).toBeNull();
	});

	it.each([
		['the deepest nesting', nested(limits.depth)],
		['the most values', repeated(limits.values)],
		['the longest key', `a[${'k'.repeat(limits.keyCharacters)}]=v`],
		['the longest text', `a=${'v'.repeat(limits.characters - 2)}`],
	])('still reads %s that is allowed', (_name, body) => {
		expect(parseForm(body)).not.toBeNull();
	});

	it('reads back every nested form that PHP writes', () => {
		// http_build_query writes a space as a plus sign, or as %20 where it is asked to.
		const formats = fc.constantFrom('RFC1738' as const, 'RFC3986' as const);
		fc.assert(
			fc.property(anyForm, formats, (form, format) => {
				expect(parseForm(stringify(form, { arrayFormat: 'indices', format }))).toEqual(form);
			}),
			{ numRuns: 500 },
		);
	});

	it('never throws and never reaches a prototype, whatever comes in', () => {
		const piece = fc.constantFrom(
			'a',
			'[',
			']',
			'[]',
			'=',
			'&',
			'%',
			'%5',
			'%5B',
			'__proto__',
			'constructor',
			'0',
			'1',
		);
		const likeForms = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
		fc.assert(
			fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), likeForms), (body) => {
				const form = parseForm(body);
				expect(form === null || Object.getPrototypeOf(form) === Object.prototype).toBe(true);
				expect(Object.keys(Object.prototype)).toEqual([]);
			}),
			{ numRuns: 1_000 },
		);
	});
});
