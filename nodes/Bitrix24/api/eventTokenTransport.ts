import type { IAllExecuteFunctions } from 'n8n-workflow';

import { readHttpAnswer } from './readHttpAnswer';
import type { Transport } from './transport';
import { whyNoAnswer } from './whyNoAnswer';

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
			return { answered: true, answer: readHttpAnswer(response) };
		} catch (error) {
			return { answered: false, failure: whyNoAnswer(error) };
		}
	};
}
