import type { IAllExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { z } from 'zod';

import type { HttpResponse, Transport } from '../api/client';
import { toApiFailure } from './requestErrors';
import { withTimeout } from './timing';

/**
 * Sends requests with the node's OAuth2 credential. n8n adds the access token, and renews it when the portal answers 401.
 *
 * @param context n8n's context of the node
 * @param timeout milliseconds until a request counts as not answered, the renewal included
 * @param abortSignal ends a request under way
 */
export function credentialTransport(
	context: Pick<IAllExecuteFunctions, 'helpers'>,
	{ timeout, abortSignal }: { timeout: number; abortSignal?: AbortSignal },
): Transport {
	const send = async (options: IHttpRequestOptions): Promise<HttpResponse> =>
		parseHttpResponse(
			await context.helpers.httpRequestWithAuthentication.call(
				context as IAllExecuteFunctions,
				'bitrix24OAuth2Api',
				options,
			),
		);

	// n8n renews the token only when a 401 is an error to it; everything else is ours to read.
	async function ask(options: IHttpRequestOptions): Promise<HttpResponse> {
		const answer = await send({ ...options, ignoreHttpStatusErrors: { ignore: true, except: [401] } });
		// n8n 1.x does not know `except`: asked again without it, it renews.
		return answer.status === 401 ? await send(options) : answer;
	}

	return async (url, body) => {
		const options: IHttpRequestOptions = {
			url,
			method: 'POST',
			body,
			json: true,
			timeout,
			disableFollowRedirect: true,
			returnFullResponse: true,
			...(abortSignal ? { abortSignal } : {}),
		};
		try {
			return { answered: true, answer: await withTimeout(ask(options), timeout, abortSignal) };
		} catch (error) {
			return { answered: false, failure: toApiFailure(error) };
		}
	};
}

/**
 * Sends requests with the access token that an event brought (REST takes it as parameter `auth`), never renewed: the
 * event's own answer is wanted, or none.
 *
 * @param helpers n8n's request helpers
 * @param accessToken as delivered
 * @param abortSignal ends a request under way
 */
export function eventTokenTransport(
	helpers: Pick<IAllExecuteFunctions['helpers'], 'httpRequest'>,
	accessToken: string,
	abortSignal: AbortSignal,
): Transport {
	return async (url, parameters) => {
		try {
			const response: unknown = await helpers.httpRequest({
				url,
				method: 'POST',
				body: { ...parameters, auth: accessToken },
				json: true,
				disableFollowRedirect: true,
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				abortSignal,
			});
			return { answered: true, answer: parseHttpResponse(response) };
		} catch (error) {
			return { answered: false, failure: toApiFailure(error) };
		}
	};
}

const fullResponseSchema = z.object({
	statusCode: z.number(),
	headers: z.object({ location: z.string().optional().catch(undefined) }).catch({}),
	body: z.unknown().optional(),
});

/**
 * Reads what n8n's request helpers return with `returnFullResponse`.
 *
 * @throws when it is no full response, which n8n's contract rules out
 */
export function parseHttpResponse(response: unknown): HttpResponse {
	const { statusCode, headers, body } = fullResponseSchema.parse(response);
	return { status: statusCode, location: headers.location ?? null, body: body === undefined ? null : body };
}
