import fc from 'fast-check';

import { jsonSchema, limits, pickStrings } from '../../../../nodes/Bitrix24/event/payload.js';
import documentedEvents from '../../../fixtures/documented-events.json' with { type: 'json' };

const { events } = documentedEvents;

function depthOf(value: unknown): number {
	return typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
}

function sizeOf(value: unknown): number {
	return typeof value === 'object' && value !== null
		? Object.values(value).reduce<number>((sum, inner) => sum + sizeOf(inner), 0)
		: 1;
}

describe('limits', () => {
	it('leaves ample room for every documented event', () => {
		for (const { data } of events) {
			expect(depthOf({ data }) * 2).toBeLessThanOrEqual(limits.depth);
			expect(sizeOf(data) * 10).toBeLessThanOrEqual(limits.values);
		}
	});
});

describe('jsonSchema', () => {
	it('accepts everything that JSON can carry, and changes nothing', () => {
		fc.assert(
			fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
				const sent: unknown = JSON.parse(JSON.stringify(value));
				fc.pre(!JSON.stringify(sent).includes('__proto__'));
				expect(jsonSchema.parse(sent)).toEqual(sent);
			}),
		);
	});

	it.each([undefined, () => 'x', 1n, Symbol('x'), { a: undefined }, [undefined]])('does not accept %p', (value) => {
		expect(jsonSchema.safeParse(value).success).toBe(false);
	});

	it('leaves a prototype alone', () => {
		const read = jsonSchema.parse(JSON.parse('{"a":{"__proto__":{"isAdmin":true}}}'));
		expect(read).toEqual({ a: {} });
		expect(Object.keys(Object.prototype)).toEqual([]);
	});
});

const named = (map: unknown) => pickStrings(map, ['a', 'b']);

describe('pickStrings', () => {
	it.each([undefined, null, '', 7, true, ['x'], { x: 'y' }])(
		'takes %j for not sent, and no other text with it',
		(value) => {
			expect(Object.entries(named({ a: value, b: 'y' }))).toEqual([['b', 'y']]);
		},
	);

	it('does not find what a map has inherited', () => {
		expect(pickStrings({}, ['toString', 'constructor'])).toEqual({});
	});
});
