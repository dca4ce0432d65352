import type { Tree } from '../../../../nodes/Bitrix24/event/payload.js';
import { isMap } from '../../../../nodes/Bitrix24/event/payload.js';

describe('isMap', () => {
	it.each<Tree>([{}, { a: 'b' }])('finds a map in %j', (value) => {
		expect(isMap(value)).toBe(true);
	});

	it.each<Tree | undefined>([undefined, '', 'text', [], ['a'], [{}]])('finds no map in %j', (value) => {
		expect(isMap(value)).toBe(false);
	});
});
