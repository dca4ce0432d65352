import fc from 'fast-check';

import type { PayloadObject, PayloadValue } from '../../../../nodes/Bitrix24/event/payload.js';
import { limits } from '../../../../nodes/Bitrix24/event/payload.js';

// Not what PHP's notation cannot carry (brackets), nor what no portal sends, nor names of one digit, which make lists.
const name = fc
	.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
	.filter((text) => !/[[\]]|^\d+$|^(?:__proto__|constructor|prototype)$/.test(text));
// An id that serves as a key.
const key = fc.oneof({ weight: 9, arbitrary: name }, fc.integer({ min: 10 }).map(String));

/** Any text that a form can carry. */
export const anyText = fc.string({ unit: 'grapheme', maxLength: 20 });

const { form, tree } = fc.letrec<{ form: PayloadObject; tree: PayloadValue }>((tie) => ({
	form: fc.dictionary(key, tie('tree'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
	tree: fc.oneof(
		{ maxDepth: 5, withCrossShrink: true },
		anyText,
		fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
		tie('form'),
	),
}));

/** Any nested form: PHP leaves empty lists and maps out, so they do not occur. */
export const anyForm = form;

/** Any part of a nested form. */
export const anyTree = tree;

/** Puts a value at some place in a tree: as an entry of its own, in a list or in a map. */
export function planted(
	where: fc.Arbitrary<PayloadValue>,
	what: (text: string) => PayloadValue,
	secret: string,
): fc.Arbitrary<PayloadValue> {
	const here = fc.tuple(where, fc.constantFrom('list', 'map', 'alone')).map(([beside, form]): PayloadValue => {
		if (form === 'list') return [beside, what(secret)];
		return form === 'map' ? { beside, planted: what(secret) } : what(secret);
	});
	return fc
		.tuple(here, fc.array(fc.constantFrom('list', 'map'), { maxLength: 4 }))
		.map(([inner, around]) =>
			around.reduce<PayloadValue>((within, form) => (form === 'list' ? ['x', within] : { outer: within }), inner),
		);
}

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
