import fc from 'fast-check';

import { parseForm } from '../../../../nodes/Bitrix24/event/formBody.js';
import { parseJson, parseJsonBody } from '../../../../nodes/Bitrix24/event/jsonBody.js';
import { limits } from '../../../../nodes/Bitrix24/event/payload.js';

const nested = (depth: number): unknown => (depth === 0 ? 'v' : { a: nested(depth - 1) });
const listed = (depth: number): unknown => (depth === 0 ? 'v' : [listed(depth - 1)]);
// One value more: the map itself counts.
const wide = (values: number) =>
	Object.fromEntries(Array.from({ length: values - 1 }, (_, index) => [`k${index}`, 'v']));

function depthOf(value: unknown): number {
	return typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
}

function leavesOf(value: unknown): unknown[] {
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [value];
}

describe('parseJson', () => {
	it.each([
		['numbers as texts', { ts: 1742807199, rate: 0.5 }, { ts: '1742807199', rate: '0.5' }],
		['truth values as PHP writes them', { on: true, off: false }, { on: '1', off: '0' }],
		['maps and lists within each other', { a: [{ b: ['c'] }] }, { a: [{ b: ['c'] }] }],
		['nothing where null stands', { a: null, b: ['x', null], c: 'y' }, { b: ['x'], c: 'y' }],
		['nothing where undefined stands', { a: undefined, b: ['x', undefined], c: 'y' }, { b: ['x'], c: 'y' }],
	])('reads %s', (_name, value, expected) => {
		expect(parseJson(value)).toEqual(expected);
	});

	it.each([
		['nothing', undefined],
		['null', null],
		['a list', [{ event: 'ONCRMLEADDELETE' }]],
		['a text', 'event=ONCRMLEADDELETE'],
		['a number', 7],
		['a prototype', JSON.parse('{"data":{"__proto__":{"isAdmin":"1"}}}')],
		['a constructor', { constructor: { prototype: { isAdmin: '1' } } }],
		['a key that is too long', { ['k'.repeat(limits.keyCharacters + 1)]: 'v' }],
		['more nesting than a portal sends', nested(limits.depth + 1)],
		['more values than a portal sends', wide(limits.values + 1)],
		['lists in lists, deeper than a portal sends', { a: listed(limits.depth) }],
		['a list of more values than a portal sends', { a: Array.from({ length: limits.values }, () => 'v') }],
		['what JSON cannot carry', { a: () => 'v' }],
	])('gives up on %s', (_name, value) => {
		expect(parseJson(value)).toBeNull();
	});

	it('still reads the deepest nesting and the most values that are allowed', () => {
		expect(parseJson(nested(limits.depth))).toEqual(nested(limits.depth));
		expect(parseJson({ a: listed(limits.depth - 1) })).toEqual({ a: listed(limits.depth - 1) });
		expect(parseJson(wide(limits.values))).toEqual(wide(limits.values));
	});

	it('turns whatever JSON carries into texts, within the bounds, or gives up', () => {
		fc.assert(
			fc.property(fc.json({ maxDepth: limits.depth + 3 }), (text) => {
				const tree = parseJson(JSON.parse(text));
				expect(leavesOf(tree ?? {}).every((leaf) => typeof leaf === 'string')).toBe(true);
				expect(depthOf(tree)).toBeLessThanOrEqual(limits.depth);
			}),
		);
	});

	it('never reaches a prototype, however often one is named', () => {
		const key = fc.constantFrom('__proto__', 'constructor', 'prototype', 'a');
		const nest = fc.array(key, { minLength: 1, maxLength: 5 });
		fc.assert(
			fc.property(nest, (keys) => {
				const text = keys.reduceRight((inner, name) => `{"${name}":${inner}}`, '"polluted"');
				expect(parseJson(JSON.parse(text)) === null).toBe(keys.some((name) => name !== 'a'));
				expect(Object.keys(Object.prototype)).toEqual([]);
			}),
		);
	});
});

describe('parseJsonBody', () => {
	it.each([
		['keys of a form', { event: 'E', 'data[FIELDS][ID]': 7 }, { event: 'E', data: { FIELDS: { ID: '7' } } }],
		['nested keys beside them', { 'auth[a]': '1', auth: { b: { c: '2' } } }, { auth: { a: '1', b: { c: '2' } } }],
		['lists without an index', { 'a[b][]': ['x', 'y'] }, { a: { b: ['x', 'y'] } }],
		['lists with one', { 'a[b][0]': 'x', 'a[b][1]': 'y' }, { a: { b: ['x', 'y'] } }],
		['a list of maps beside them', { 'a[b]': 'x', c: { d: [{ e: 'y' }] } }, { a: { b: 'x' }, c: { d: [{ e: 'y' }] } }],
		['a value that stands twice as both', { 'auth[t]': ['x', 'y'] }, { auth: { t: ['x', 'y'] } }],
		['a nested value and a flat one as both', { auth: { t: 'x' }, 'auth[t]': 'y' }, { auth: { t: ['x', 'y'] } }],
		['nested JSON as it is', { a: { 'b[c]': [] }, d: ['x'] }, { a: { 'b[c]': [] }, d: ['x'] }],
	])('reads %s', (_name, value, expected) => {
		expect(parseJsonBody(value)).toEqual(expected);
	});

	it.each([
		['no object', 'event=E'],
		['a bracket that is not closed', { 'data[FIELDS': '7' }],
		['a key before which nothing stands', { '[ID]': '7' }],
		['a prototype', { 'data[__proto__][isAdmin]': '1' }],
		['a prototype beside', { 'data[ID]': '7', data: JSON.parse('{"__proto__":{"isAdmin":"1"}}') }],
		['a text where a map stands', { data: 'x', 'data[ID]': '7' }],
		['a map where a text stands', { 'data[ID]': '7', data: 'x' }],
		['more nesting than a portal sends', { [`a${'[a]'.repeat(limits.depth)}`]: 'v' }],
		['more nesting than a portal sends, half of it flat', { [`a${'[a]'.repeat(10)}`]: nested(10) }],
		['a key that is too long', { [`a[${'k'.repeat(limits.keyCharacters)}]`]: 'v' }],
	])('gives up on %s', (_name, value) => {
		expect(parseJsonBody(value)).toBeNull();
	});

	it('reads flat keys as the form that they come from', () => {
		const step = fc.constantFrom('a', 'b', '0', '1', '', '__proto__', ']');
		const key = fc.tuple(fc.constantFrom('event', 'data', 'auth'), fc.array(step, { minLength: 1, maxLength: 3 }));
		const flat = key.map(([root, steps]) => `${root}${steps.map((name) => `[${name}]`).join('')}`);
		fc.assert(
			fc.property(fc.dictionary(flat, fc.string(), { minKeys: 1 }), (map) => {
				expect(parseJsonBody(map)).toEqual(parseForm(new URLSearchParams(map).toString()));
			}),
		);
	});
});
