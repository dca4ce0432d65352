import { limits, isAcceptableKey } from '../../../../nodes/Bitrix24/event/payload.js';
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

describe('bounds', () => {
	it('leaves ample room for every documented event', () => {
		for (const { data } of events) {
			expect(depthOf({ data }) * 2).toBeLessThanOrEqual(limits.depth);
			expect(sizeOf(data) * 10).toBeLessThanOrEqual(limits.values);
		}
	});
});

describe('isAcceptableKey', () => {
	it.each(['__proto__', 'constructor', 'prototype'])('does not accept %s, a way to a prototype', (key) => {
		expect(isAcceptableKey(key)).toBe(false);
	});

	it.each(['', 'ID', '__proto', 'Constructor', 'toString', 'hasOwnProperty'])('accepts %p', (key) => {
		expect(isAcceptableKey(key)).toBe(true);
	});

	it('accepts 255 characters and no more', () => {
		expect(isAcceptableKey('k'.repeat(255))).toBe(true);
		expect(isAcceptableKey('k'.repeat(256))).toBe(false);
	});
});
