import qs from 'qs';

/** The content type of every delivery. */
export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** A nested value as PHP's `http_build_query` writes it: `data%5BFIELDS%5D%5BID%5D=1`, spaces as `+`. */
export function phpForm(payload: Record<string, unknown>): string {
	return qs.stringify(phpStrings(payload) ?? {}, { encoder: urlencode });
}

/** PHP's `urlencode`: everything but letters, digits and `-_.` is escaped, a space becomes `+`. */
function urlencode(text: unknown): string {
	return encodeURIComponent(String(text))
		.replace(/[!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
		.replace(/%20/g, '+');
}

/** A value as PHP's `http_build_query` writes it: strings, or nested maps of strings. */
export type PhpStrings = string | { [key: string]: PhpStrings };

/**
 * What is left of a value after `http_build_query`: every scalar a string (true `1`, false `0`), null and empty arrays
 * absent (undefined here), lists turned into maps by index.
 */
export function phpStrings(value: unknown): PhpStrings | undefined {
	if (value === null || value === undefined) return undefined;
	if (typeof value === 'boolean') return value ? '1' : '0';
	if (typeof value !== 'object') return String(value);
	const entries = Object.entries(value).flatMap(([key, inner]) => {
		const strings = phpStrings(inner);
		return strings === undefined ? [] : [[key, strings] as const];
	});
	return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
