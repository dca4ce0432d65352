import fc from 'fast-check';

import type { PayloadValue, PayloadObject } from '../../../../nodes/Bitrix24/event/payload.js';

// Not what PHP's notation can not carry (brackets), nor what no portal sends, nor names of one digit, which make lists.
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
