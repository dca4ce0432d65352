import type { PayloadValue, PayloadObject } from '../../../../nodes/Bitrix24/event/payload.js';
import { limits } from '../../../../nodes/Bitrix24/event/payload.js';

const pristine = Reflect.ownKeys(Object.prototype).length;

/**
 * Holds what was made of a body against what the bounds promise, and makes sure that no prototype was reached.
 *
 * @throws when they do not hold
 */
export function expectBounded(form: PayloadObject | null): void {
	if (Reflect.ownKeys(Object.prototype).length !== pristine) throw new Error('Object.prototype was changed');
	if (form === null) return;
	const count = { values: 0 };
	visit(form, 0, count);
	if (count.values > limits.values) throw new Error(`It has ${count.values} values`);
}

function visit(tree: PayloadValue, depth: number, count: { values: number }): void {
	if (depth > limits.depth) throw new Error(`It nests deeper than ${limits.depth}`);
	if (typeof tree === 'string') {
		count.values++;
		return;
	}
	const prototype: unknown = Object.getPrototypeOf(tree);
	if (prototype !== Object.prototype && prototype !== Array.prototype) throw new Error('It has another prototype');
	for (const [key, inner] of Object.entries(tree)) {
		if (key.length > limits.keyCharacters) throw new Error(`It has a key of ${key.length} characters`);
		if (/^(?:__proto__|constructor|prototype)$/.test(key)) throw new Error(`It has the key ${key}`);
		visit(inner, depth + 1, count);
	}
}
