import fc from 'fast-check';
import qs from 'qs';
import { phpForm } from '../../simulator/index.mjs';

describe('phpForm', () => {
	it.each([
		[{ data: { FIELDS: { ID: 7 } } }, 'data%5BFIELDS%5D%5BID%5D=7'],
		[{ a: [1, 2] }, 'a%5B0%5D=1&a%5B1%5D=2'],
		[{ yes: true, no: false }, 'yes=1&no=0'],
		[{ nothing: null, empty: [], none: {} }, ''],
		[{ text: "a b+c&d=é~'()*" }, 'text=a+b%2Bc%26d%3D%C3%A9%7E%27%28%29%2A'],
	])('writes %j as PHP does', (value, form) => {
		expect(phpForm(value)).toBe(form);
	});

	it('can be read back', () => {
		const key = fc.stringMatching(/^[A-Z][A-Z_]{0,8}$/);
		const { tree } = fc.letrec((tie) => ({
			tree: fc.dictionary(key, fc.oneof({ depthSize: 'small' }, fc.string({ unit: 'binary' }), tie('tree')), {
				minKeys: 1,
				maxKeys: 4,
				noNullPrototype: true,
			}),
		}));
		fc.assert(
			fc.property(tree, (value) => {
				const payload = { data: value };
				expect(qs.parse(phpForm(payload), { depth: 20, parameterLimit: 1e5 })).toEqual(payload);
			}),
		);
	});
});
