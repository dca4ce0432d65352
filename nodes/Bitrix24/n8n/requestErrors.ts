import { z } from 'zod';

import type { ApiFailure } from '../api/response';

const thrownSchema = z.object({
	message: z.string().catch(''),
	description: z.string().nullish().catch(null),
	httpCode: z.union([z.string(), z.number()]).nullish().catch(null),
	code: z.string().nullish().catch(null),
	// n8n hands errors of its HTTP client on as they are when an OAuth2 request is refused again after the renewal.
	response: z.object({ status: z.number() }).nullish().catch(null),
	// What the authorization server answered, where it refused the renewal.
	cause: z
		.object({ body: z.object({ error: z.string() }) })
		.nullish()
		.catch(null),
});

// What the network layer calls things that happen before an answer comes, in words: n8n puts sentences of its own in the
// place of a message that holds one of these names.
const networkReasons: Array<[name: RegExp, words: string]> = [
	[/\bE(?:NOTFOUND|AI_[A-Z]+)\b|getaddrinfo/i, 'its address cannot be found'],
	[/\bECONNREFUSED\b/, 'nothing listens at that address'],
	[/\b(?:ETIMEDOUT|ECONNABORTED|ERR_CANCELED)\b|timeout|timed out/i, 'it took too long'],
	[/\b(?:ECONN[A-Z]+|EPIPE)\b|socket hang up/, 'the connection was cut off'],
	[/\bE(?:HOST|NET)[A-Z]+\b/, 'there is no way to that address'],
	[/\bERR_FR_TOO_MANY_REDIRECTS\b/, 'it redirects in a circle'],
	[/CERT|certificate|\b(?:EPROTO|ERR_(?:SSL|TLS)_[A-Z_]+)\b/, 'its certificate is not valid'],
];
// How n8n and its OAuth client say that no new access token is to be had.
const noAccessPattern =
	/reconnect|revoked|refresh token|invalid[_ ](?:grant|client|request)|not connected|without access token|EAUTH/i;

// With these an authorization server refuses a renewal that is in order, and connecting the account again mends nothing.
const notForAccess = new Set([
	'PAYMENT_REQUIRED',
	'PORTAL_DELETED',
	'QUERY_LIMIT_EXCEEDED',
	'OVERLOAD_LIMIT',
	'OPERATION_TIME_LIMIT',
]);

/**
 * Says why n8n's request helpers threw. Only the reason is kept: their errors can carry the request, and with it a token.
 *
 * @param error whatever was thrown
 */
export function toApiFailure(error: unknown): ApiFailure {
	const { message, description, httpCode, code, response, cause } = thrownSchema.catch({ message: '' }).parse(error);
	const said = `${code ?? ''} ${httpCode ?? ''} ${message} ${description ?? ''}`;
	const status = Number(httpCode ?? response?.status) || null;
	const refusal = cause?.body.error ?? '';
	if (notForAccess.has(refusal)) return { status: null, code: refusal, description: '' };
	// Only a renewal ends so; n8n quotes the answer in its message, which may hold any words.
	if (status !== null && status < 300) {
		return { status, code: 'NO_ANSWER', description: 'its authorization server sent no token' };
	}
	if (status === 401 || noAccessPattern.test(said)) {
		return {
			status: 401,
			code: 'NO_ACCESS',
			description: 'The portal accepts neither the access token nor its renewal',
		};
	}
	const words = networkReasons.find(([name]) => name.test(said))?.[1];
	return { status, code: 'NO_ANSWER', description: words ?? (status === null ? 'no answer' : `HTTP ${status}`) };
}
