import type { Request } from 'express';
import qs from 'qs';

const LIMITS = { depth: 10, parameterLimit: 10_000, arrayLimit: 10_000 };

/** The parameters of a request: the query's, overlaid by those of a JSON or form body. Malformed JSON counts as none. */
export function readParams(request: Request): Record<string, unknown> {
	const query = request.originalUrl.split('?')[1] ?? '';
	return { ...qs.parse(query, LIMITS), ...readBody(request) };
}

function readBody(request: Request): Record<string, unknown> {
	const body: unknown = request.body;
	if (!Buffer.isBuffer(body)) return {};
	const text = body.toString('utf8');
	return request.is('json') ? readJson(text) : qs.parse(text, LIMITS);
}

function readJson(text: string): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? { ...value } : {};
	} catch {
		return {};
	}
}
