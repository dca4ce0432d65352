import type { PayloadObject, PayloadValue } from './payload';
import { isAcceptableKey, limits } from './payload';

type Branch = Map<string, Branch | string>;

/**
 * Reads a form post in PHP's notation, the one in which Bitrix24 delivers events
 * (`data[FIELDS][ID]=7&auth[domain]=...`, as PHP's http_build_query writes it).
 *
 * The sender is not verified yet, so this is total and bounded: it never throws, it touches no prototype, and it gives up
 * on what no portal sends. A key that stands twice becomes a list of both values, so that nobody can say which one counts.
 *
 * @param body the request's body, percent-encoded, any text at all
 * @returns null when the body is not such a form
 */
export function parseForm(body: string): PayloadObject | null {
	if (body.length > limits.characters) return null;
	const pairs = body.split('&', limits.values + 1);
	if (pairs.length > limits.values) return null;
	return parsePairs(pairs.filter((pair) => pair !== '').map(splitPair));
}

function splitPair(pair: string): [key: string, value: string] {
	const end = pair.indexOf('=');
	return end === -1 ? [decodeForm(pair), ''] : [decodeForm(pair.slice(0, end)), decodeForm(pair.slice(end + 1))];
}

/**
 * Reads the pairs of a form post, decoded, in their order. As strict as `parseForm`; their number is the caller's to bound.
 *
 * @param pairs `['data[FIELDS][ID]', '7']`
 * @returns null when they are not such a form
 */
export function parsePairs(pairs: ReadonlyArray<readonly [key: string, value: string]>): PayloadObject | null {
	const root: Branch = new Map();
	for (const [key, value] of pairs) {
		const path = pathOf(key);
		if (path === null || !put(root, path, value)) return null;
	}
	return toMap(root);
}

/** `a[b][c]` -> `['a', 'b', 'c']`; null for anything else, and for more brackets or other keys than a portal sends. */
function pathOf(key: string): readonly string[] | null {
	const start = key.indexOf('[');
	if (start === -1) return key !== '' && isAcceptableKey(key) ? [key] : null;
	if (start === 0 || !key.endsWith(']')) return null;
	const inner = key.slice(start + 1, -1).split('][', limits.depth);
	const path = [key.slice(0, start), ...inner];
	const wellFormed = path.every((step) => isAcceptableKey(step) && !step.includes('[') && !step.includes(']'));
	return wellFormed && path.length <= limits.depth ? path : null;
}

/** Puts a value at its place; false when a string stands where a map is needed, or the other way round. */
function put(root: Branch, path: readonly string[], value: string): boolean {
	const branch = branchAt(root, path.slice(0, -1));
	const last = path.at(-1);
	return branch !== null && last !== undefined && add(branch, last, value);
}

/** Goes down to the map that holds a place, making those that are not there yet; null when a string is in the way. */
function branchAt(root: Branch, path: readonly string[]): Branch | null {
	let branch = root;
	for (const step of path) {
		const key = step === '' ? nextIndex(branch) : step;
		const next = branch.get(key) ?? new Map();
		if (typeof next === 'string') return null;
		branch.set(key, next);
		branch = next;
	}
	return branch;
}

/** A key that stands twice becomes a list; false when a map stands there. */
function add(branch: Branch, last: string, value: string): boolean {
	const key = last === '' ? nextIndex(branch) : last;
	const present = branch.get(key);
	if (present === undefined) {
		branch.set(key, value);
		return true;
	}
	if (typeof present === 'string') {
		branch.set(
			key,
			new Map([
				['0', present],
				['1', value],
			]),
		);
		return true;
	}
	if (typeof present.get('0') !== 'string') return false;
	present.set(nextIndex(present), value);
	return true;
}

function nextIndex(branch: Branch): string {
	return String(branch.size);
}

function toPayload(branch: Branch | string): PayloadValue {
	if (typeof branch === 'string') return branch;
	return isList(branch) ? Array.from(branch.values(), toPayload) : toMap(branch);
}

function isList(branch: Branch): boolean {
	let index = 0;
	for (const key of branch.keys()) if (key !== String(index++)) return false;
	return index > 0;
}

function toMap(branch: Branch): PayloadObject {
	const map: PayloadObject = {};
	for (const [key, value] of branch) map[key] = toPayload(value);
	return map;
}

/**
 * Decodes a key or a value of a form post, of any text at all. Never throws: an escape that is none stays as it is, and
 * bytes that are no UTF-8 become U+FFFD, as in a browser.
 *
 * @param encoded percent-encoded, with plus signs for spaces
 */
export function decodeForm(encoded: string): string {
	const text = encoded.includes('+') ? encoded.replaceAll('+', ' ') : encoded;
	if (!text.includes('%')) return text;
	try {
		return decodeURIComponent(text);
	} catch {
		// Not by URLSearchParams: beside a broken escape, Node's takes a character that is not encoded for another one.
		const bytes = Buffer.from(text).toString('latin1').replace(escapes, decodeByte);
		return Buffer.from(bytes, 'latin1').toString();
	}
}

const escapes = /%[\da-f]{2}/gi;

function decodeByte(escape: string): string {
	return String.fromCharCode(parseInt(escape.slice(1), 16));
}
