/**
 * How large a body may be before it is no event. The documented events nest six deep and carry some forty values; the
 * bounds leave ample room for longer ones, and none for a body that is meant to exhaust this process.
 */
export const bounds = { characters: 1_048_576, values: 5_000, depth: 16, keyCharacters: 255 };

// Keys through which a copied object could reach a prototype. No portal sends them.
const treacherous = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether a portal could have sent this key: not too long, and not a way to a prototype. */
export function isAcceptableKey(key: string): boolean {
	return key.length <= bounds.keyCharacters && !treacherous.has(key);
}
