import qs from 'qs';
import { phpStrings } from './phpStrings.mjs';

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
