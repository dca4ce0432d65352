import { pickStrings } from '../../../../nodes/Bitrix24/event/payload.js';

const named = (map: unknown) => pickStrings(map, ['a', 'b']);

describe('textsOf', () => {
	it('reads the named texts, and leaves out everything else', () => {
		expect(named({ a: 'x', b: 'y', c: 'z' })).toEqual({ a: 'x', b: 'y' });
	});

	it.each([undefined, null, '', 7, true, ['x'], { x: 'y' }])(
		'takes %j for not sent, and no other text with it',
		(value) => {
			expect(Object.entries(named({ a: value, b: 'y' }))).toEqual([['b', 'y']]);
		},
	);

	it.each([undefined, null, 'text', 7, ['x']])('finds none in %j', (value) => {
		expect(named(value)).toEqual({});
	});

	it('does not find what a map has inherited', () => {
		expect(pickStrings({}, ['toString', 'constructor'])).toEqual({});
	});
});
