import type { PayloadValue, PayloadObject } from './payload';
import { limits, isAcceptableKey, isRecord } from './payload';

/**
 * Brings a delivery that came as JSON (through a relay, say) into the form that a form post has: texts, lists and maps,
 * numbers and truth values written as PHP writes them, null left out. As total and bounded as `parseForm`.
 *
 * @param value what JSON.parse made of the body
 * @returns the nested values, all of them texts; null when it is no map, or one that no portal sends
 */
export function parseJson(value: unknown): PayloadObject | null {
	if (!isRecord(value)) return null;
	const count = { left: limits.values };
	const tree = toTree(value, limits.depth, count);
	return tree === null || typeof tree === 'string' || Array.isArray(tree) ? null : tree;
}

/** null: beyond the bounds. */
function toTree(value: unknown, depthLeft: number, count: { left: number }): PayloadValue | null {
	if (depthLeft < 0 || --count.left < 0) return null;
	if (typeof value === 'string') return value;
	if (typeof value === 'number') return String(value);
	if (typeof value === 'boolean') return value ? '1' : '0';
	if (Array.isArray(value)) {
		const items = value.filter(isPresent).map((item) => toTree(item, depthLeft - 1, count));
		return items.every((item) => item !== null) ? items : null;
	}
	if (!isRecord(value)) return null;
	const entries: Array<[string, PayloadValue]> = [];
	for (const [key, item] of Object.entries(value)) {
		if (!isPresent(item)) continue;
		const tree = isAcceptableKey(key) ? toTree(item, depthLeft - 1, count) : null;
		if (tree === null) return null;
		entries.push([key, tree]);
	}
	return Object.fromEntries(entries);
}

function isPresent(value: unknown): boolean {
	return value !== null && value !== undefined;
}
