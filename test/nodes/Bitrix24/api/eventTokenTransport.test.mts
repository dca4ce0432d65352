import type { IHttpRequestOptions } from 'n8n-workflow';

import { eventTokenTransport } from '../../../../nodes/Bitrix24/n8n/transports.js';

const url = 'https://some-domain.bitrix24.com/rest/profile.json';

describe('eventTokenTransport', () => {
	it("posts the event's token in the body, follows no redirect, and reads every status itself", async () => {
		const asked: IHttpRequestOptions[] = [];
		const httpRequest = async (options: IHttpRequestOptions) => {
			asked.push(options);
			return { statusCode: 401, headers: {}, body: { error: 'expired_token' } };
		};
		const { signal } = new AbortController();
		const send = eventTokenTransport({ httpRequest }, 'token-of-the-event', signal);

		expect(await send(url, { a: 1, auth: 'another' })).toEqual({
			answered: true,
			answer: { status: 401, location: null, body: { error: 'expired_token' } },
		});
		expect(asked).toEqual([
			{
				url,
				method: 'POST',
				body: { a: 1, auth: 'token-of-the-event' },
				json: true,
				disableFollowRedirect: true,
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				abortSignal: signal,
			},
		]);
	});

	it.each([
		['the request fails', new Error('connect ETIMEDOUT')],
		['it takes too long', new Error('canceled')],
	])('says so when %s', async (_name, error) => {
		const httpRequest = async () => await Promise.reject(error);
		const send = eventTokenTransport({ httpRequest }, 'token', new AbortController().signal);
		expect(await send(url, {})).toMatchObject({ answered: false, failure: { status: null, code: 'NO_ANSWER' } });
	});
});
