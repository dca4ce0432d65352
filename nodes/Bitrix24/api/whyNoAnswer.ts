import { z } from 'zod';

import type { Failure } from './failure';

const thrown = z.object({
	message: z.string().catch(''),
	description: z.string().nullish().catch(null),
	httpCode: z.union([z.string(), z.number()]).nullish().catch(null),
	code: z.string().nullish().catch(null),
	// n8n hands errors of its HTTP client on as they are when an OAuth2 request is refused again after the renewal.
	response: z.object({ status: z.number() }).nullish().catch(null),
});

// What the network layer names things that happen before an answer comes.
const networkCode =
	/\b(?:ECONN[A-Z]+|ETIMEDOUT|ENOTFOUND|EAI_[A-Z]+|EPIPE|EHOST[A-Z]+|ENET[A-Z]+|EPROTO|ERR_[A-Z_]+|[A-Z_]*CERT[A-Z_]*)\b/;
// How n8n and its OAuth client say that no new access token is to be had.
const noAccess =
	/reconnect|revoked|refresh token|invalid[_ ](?:grant|client|request)|not connected|without access token|EAUTH/i;

/**
 * Says why n8n's request helpers threw. Only the reason is kept: their errors can carry the request, and with it a token.
 *
 * @param error whatever was thrown
 */
export function whyNoAnswer(error: unknown): Failure {
	const { message, description, httpCode, code, response } = thrown.catch({ message: '' }).parse(error);
	const said = `${code ?? ''} ${httpCode ?? ''} ${message} ${description ?? ''}`;
	const status = Number(httpCode ?? response?.status) || null;
	if (status === 401 || noAccess.test(said)) {
		return {
			status: 401,
			code: 'NO_ACCESS',
			description: 'The portal accepts neither the access token nor its renewal',
		};
	}
	const network = networkCode.exec(said)?.[0];
	return { status, code: 'NO_ANSWER', description: network ?? (status === null ? 'no answer' : `HTTP ${status}`) };
}
