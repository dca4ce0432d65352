import qs from 'qs';

/** The content type of every delivery. */
export const FORM_TYPE = 'application/x-www-form-urlencoded';

/**
 * A nested value as PHP's `http_build_query` writes it: `data%5BFIELDS%5D%5BID%5D=1`, spaces as `+`, true as 1 and false
 * as 0; null and empty arrays are absent.
 */
export function phpForm(payload: Record<string, unknown>): string {
	const filter = (_key: string, value: unknown) => (typeof value === 'boolean' ? Number(value) : value);
	return qs.stringify(payload, { encoder: urlencode, filter, skipNulls: true });
}

/** What a handler reads of a form: nested maps of strings, a PHP list as a map by index. */
export function readPhpForm(form: string): qs.ParsedQs {
	return qs.parse(form, { allowPrototypes: true, depth: 20, parameterLimit: Infinity, parseArrays: false });
}

/** PHP's `urlencode`: everything but letters, digits and `-_.` is escaped, a space becomes `+`. */
function urlencode(text: unknown): string {
	return encodeURIComponent(String(text))
		.replace(/[!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
		.replace(/%20/g, '+');
}
