import type { IAllExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { z } from 'zod';

import type { HttpResponse, Transport } from '../api/client';
import { toApiFailure } from './requestErrors';
import { withTimeout } from './timing';

/**
 * Sends requests by n8n's request helpers: with the node's OAuth2 credential, whose access token n8n adds and renews when
 * the portal answers 401, or with the access token that an event brought (REST takes it as parameter `auth`).
 *
 * @param context n8n's context of the node
 */
export function createTransport(context: Pick<IAllExecuteFunctions, 'helpers'>): Transport {
	const withCredential = async (options: IHttpRequestOptions): Promise<HttpResponse> =>
		parseHttpResponse(
			await context.helpers.httpRequestWithAuthentication.call(
				context as IAllExecuteFunctions,
				'bitrix24OAuth2Api',
				options,
			),
		);

	// n8n renews the token only when a 401 is an error to it; everything else is ours to read.
	async function withRenewal(options: IHttpRequestOptions): Promise<HttpResponse> {
		const response = await withCredential({ ...options, ignoreHttpStatusErrors: { ignore: true, except: [401] } });
		// n8n 1.x does not know `except`: asked again without it, it renews.
		return response.status === 401 ? await withCredential(options) : response;
	}

	async function withEventToken(options: IHttpRequestOptions): Promise<HttpResponse> {
		return parseHttpResponse(await context.helpers.httpRequest({ ...options, ignoreHttpStatusErrors: true }));
	}

	return async (url, parameters, { timeoutMs, signal, accessToken }) => {
		// A signal for each request: what n8n's HTTP client leaves on it goes with the request, and not with the node.
		const request = new AbortController();
		const abort = () => request.abort();
		signal?.addEventListener('abort', abort);
		if (signal?.aborted) abort();
		const options: IHttpRequestOptions = {
			url,
			method: 'POST',
			body: accessToken === undefined ? parameters : { ...parameters, auth: accessToken },
			json: true,
			timeout: timeoutMs,
			disableFollowRedirect: true,
			returnFullResponse: true,
			...(signal ? { abortSignal: request.signal } : {}),
		};
		try {
			const response = accessToken === undefined ? withRenewal(options) : withEventToken(options);
			return { answered: true, response: await withTimeout(response, timeoutMs, signal) };
		} catch (error) {
			return { answered: false, failure: toApiFailure(error) };
		} finally {
			signal?.removeEventListener('abort', abort);
		}
	};
}

const fullResponseSchema = z.object({
	statusCode: z.number(),
	headers: z.object({ location: z.string().optional().catch(undefined) }).catch({}),
	body: z.unknown().optional(),
});

/** Reads what n8n's request helpers return with `returnFullResponse`. */
function parseHttpResponse(response: unknown): HttpResponse {
	const { statusCode, headers, body } = fullResponseSchema.parse(response);
	return { status: statusCode, location: headers.location ?? null, body: body === undefined ? null : body };
}
