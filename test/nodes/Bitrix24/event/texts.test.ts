import { texts } from '../../../../nodes/Bitrix24/event/texts';

const named = texts(['a', 'b']);

describe('texts', () => {
	it('reads the named texts, and leaves out everything else', () => {
		expect(named.parse({ a: 'x', b: 'y', c: 'z' })).toEqual({ a: 'x', b: 'y' });
	});

	it.each([undefined, null, '', 7, true, ['x'], { x: 'y' }])(
		'takes %j for not sent, and no other text with it',
		(value) => {
			expect(Object.entries(named.parse({ a: value, b: 'y' }))).toEqual([['b', 'y']]);
		},
	);

	it.each([undefined, null, 'text', 7, ['x']])('finds none in %j', (value) => {
		expect(named.parse(value)).toEqual({});
	});

	it('does not find what a map has inherited', () => {
		expect(texts(['toString', 'constructor']).parse({})).toEqual({});
	});
});
