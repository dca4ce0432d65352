import { parseForm } from '../event/formBody';
import { parseJsonBody } from '../event/jsonBody';
import type { PayloadObject } from '../event/payload';
import { limits } from '../event/payload';

/** The parts of an HTTP request that a delivery is read from. */
export interface RequestParts {
	headers: { 'content-type'?: string };
	/** What n8n made of the body: flat keys of a form (the first thousand only), parsed JSON, parsed XML. */
	body?: unknown;
	/** The bytes, as received. */
	rawBody?: unknown;
}

/**
 * Reads the body of a delivery. Bitrix24 posts forms; JSON is understood as well, for relays that convert. n8n parses
 * XML and others too, so the content type decides, not what n8n made of the body.
 *
 * @returns nested texts; null when no portal sends such a body
 */
export function readBody({ headers, body, rawBody }: RequestParts): PayloadObject | null {
	if (!Buffer.isBuffer(rawBody) || rawBody.length > limits.characters) return null;
	const contentType = (headers['content-type'] ?? '').replace(/;.*/s, '');
	switch (contentType.trim().toLowerCase()) {
		case 'application/x-www-form-urlencoded':
			return parseForm(rawBody.toString('utf8').replace(/^\uFEFF/, ''));
		case 'application/json':
			return parseJsonBody(body);
		default:
			return null;
	}
}
