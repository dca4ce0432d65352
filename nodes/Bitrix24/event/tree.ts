/** What a form post can carry: PHP knows text, lists and maps, nothing else. */
export type Tree = string | Tree[] | TreeMap;

/** A map of a form post, by key. */
export type TreeMap = { [key: string]: Tree };

/** Whether a value is a map (and not a text or a list). */
export function isMap(value: Tree | undefined): value is TreeMap {
	return typeof value === 'object' && !Array.isArray(value);
}
