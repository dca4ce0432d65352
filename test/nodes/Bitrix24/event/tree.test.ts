import type { Tree } from '../../../../nodes/Bitrix24/event/tree';
import { isMap } from '../../../../nodes/Bitrix24/event/tree';

describe('isMap', () => {
	it.each<Tree>([{}, { a: 'b' }])('finds a map in %j', (value) => {
		expect(isMap(value)).toBe(true);
	});

	it.each<Tree | undefined>([undefined, '', 'text', [], ['a'], [{}]])('finds no map in %j', (value) => {
		expect(isMap(value)).toBe(false);
	});
});
