import { isRecord } from './isRecord';

/** Texts by name; one that is missing was not sent. */
export type Texts<Name extends string> = { [name in Name]?: string };

/**
 * Reads texts out of a map, by their names. A value of another kind, or an empty one, counts as not sent and takes no
 * other with it; what is no map holds none.
 *
 * @param map anything
 * @param names the keys to look at: whatever else stands there is left out
 */
export function textsOf<Name extends string>(map: unknown, names: readonly Name[]): Texts<Name> {
	const found: Texts<Name> = {};
	if (!isRecord(map)) return found;
	for (const name of names) {
		const value = map[name];
		if (typeof value === 'string' && value !== '') found[name] = value;
	}
	return found;
}
