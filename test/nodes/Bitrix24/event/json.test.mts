import fc from 'fast-check';

import { jsonSchema } from '../../../../nodes/Bitrix24/event/payload.js';

describe('json', () => {
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
