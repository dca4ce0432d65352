import { z } from 'zod';

/** What a form post can carry: PHP knows strings, lists and maps, nothing else. */
export type PayloadValue = string | PayloadValue[] | PayloadObject;

/** A map of a form post. */
export type PayloadObject = { [key: string]: PayloadValue };

/** Whether a value is a map, neither a string nor a list. */
export function isPayloadObject(value: PayloadValue | undefined): value is PayloadObject {
	return typeof value === 'object' && !Array.isArray(value);
}

/**
 * How large a body may be. The documented events nest six deep and carry some forty values; a body that is meant to
 * exhaust this process is over the limits long before it does.
 */
export const limits = { characters: 1_048_576, values: 5_000, depth: 16, keyCharacters: 255 };

// Keys through which a copied object could reach a prototype. No portal sends them.
const prototypeKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether a portal could have sent this key: not too long, and not a way to a prototype. */
export function isAcceptableKey(key: string): boolean {
	return key.length <= limits.keyCharacters && !isPrototypeKey(key);
}

/** Whether a copied object could reach a prototype through this key. */
export function isPrototypeKey(key: string): boolean {
	return prototypeKeys.has(key);
}

/** Whether a value is an object, neither a list nor null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Strings by name; one that is missing was not sent. */
export type Strings<Name extends string> = { [name in Name]?: string };

/**
 * Picks strings out of an object. A value of another kind, or an empty one, counts as not sent.
 */
export function pickStrings<Name extends string>(map: unknown, names: readonly Name[]): Strings<Name> {
	const found: Strings<Name> = {};
	if (!isRecord(map)) return found;
	for (const name of names) {
		const value = map[name];
		if (typeof value === 'string' && value !== '') found[name] = value;
	}
	return found;
}

/** What JSON can carry. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Accepts everything that JSON can carry. */
export const jsonSchema: z.ZodType<Json> = z.lazy(() =>
	z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(jsonSchema), z.record(z.string(), jsonSchema)]),
);

/** An id or a name, which Bitrix24 writes as a string in one place and as a number in another. */
export const textSchema = z.union([z.string(), z.number()]).transform(String);
