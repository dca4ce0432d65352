import { parsePairs } from './formBody';
import type { PayloadObject, PayloadValue } from './payload';
import { isAcceptableKey, isPayloadObject, isRecord, limits } from './payload';

/**
 * Brings a delivery that came as JSON (through a relay, say) into the form that a form post has: strings, lists and maps,
 * numbers and truth values written as PHP writes them, null left out. As total and bounded as `parseForm`.
 *
 * @param value what JSON.parse made of the body
 * @returns null when it is no object, or one that no portal sends
 */
export function parseJson(value: unknown): PayloadObject | null {
	if (!isRecord(value)) return null;
	const count = { left: limits.values };
	const payload = toPayload(value, limits.depth, count);
	return isPayloadObject(payload) ? payload : null;
}

/**
 * Reads a delivery that came as JSON. n8n's own Webhook node, for one, hands on the keys of the form as they were
 * (`"data[FIELDS][ID]"`): they are read as the form's are, and by the same rules.
 *
 * @param value what JSON.parse made of the body
 * @returns null when it is no object, or one that no portal sends
 */
export function parseJsonBody(value: unknown): PayloadObject | null {
	const payload = parseJson(value);
	if (payload === null || !Object.keys(payload).some((key) => key.includes('['))) return payload;
	// A key that stood twice in the form is a list there.
	return parsePairs(
		Object.entries(payload).flatMap(([key, item]) => [item].flat().flatMap((one) => pairsOf(key, one))),
	);
}

function pairsOf(key: string, value: PayloadValue): Array<[key: string, value: string]> {
	if (typeof value === 'string') return [[key, value]];
	return Object.entries(value).flatMap(([step, item]) => pairsOf(`${key}[${step}]`, item));
}

/** undefined: over the limits. */
function toPayload(value: unknown, depthLeft: number, count: { left: number }): PayloadValue | undefined {
	if (depthLeft < 0 || --count.left < 0) return undefined;
	if (typeof value === 'string') return value;
	if (typeof value === 'number') return String(value);
	if (typeof value === 'boolean') return value ? '1' : '0';
	if (Array.isArray(value)) {
		const items = value.filter(isPresent).map((item) => toPayload(item, depthLeft - 1, count));
		return items.every((item) => item !== undefined) ? items : undefined;
	}
	if (!isRecord(value)) return undefined;
	const entries: Array<[string, PayloadValue]> = [];
	for (const [key, item] of Object.entries(value)) {
		if (!isPresent(item)) continue;
		const payload = isAcceptableKey(key) ? toPayload(item, depthLeft - 1, count) : undefined;
		if (payload === undefined) return undefined;
		entries.push([key, payload]);
	}
	return Object.fromEntries(entries);
}

function isPresent(value: unknown): boolean {
	return value !== null && value !== undefined;
}
