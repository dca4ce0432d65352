import type { IHttpRequestOptions } from 'n8n-workflow';

import { credentialTransport } from '../../../../nodes/Bitrix24/n8n/transports.js';
import { fakeTimeouts } from '../../../fakes/fakeTimeouts.mjs';

const url = 'https://some-domain.bitrix24.com/rest/profile.json';
const ok = { statusCode: 200, headers: {}, body: { result: true } };
const refused = { statusCode: 401, headers: {}, body: { error: 'expired_token' } };

/** n8n's request helper: answers in order, an error is thrown. */
function helperOf(...answers: unknown[]) {
	const asked: Array<{ context: unknown; type: string; options: IHttpRequestOptions }> = [];
	const helpers = {
		async httpRequestWithAuthentication(this: unknown, type: string, options: IHttpRequestOptions): Promise<unknown> {
			asked.push({ context: this, type, options });
			const answer = answers[asked.length - 1];
			if (answer instanceof Error) throw answer;
			return answer;
		},
	};
	const context = { helpers } as never;
	return {
		context,
		asked,
		open: (abortSignal?: AbortSignal) => credentialTransport(context, { timeout: 1_000, abortSignal }),
	};
}

describe('credentialTransport', () => {
	it("posts JSON with the node's OAuth2 credential, follows no redirect, and waits as long as it may", async () => {
		const { context, asked, open } = helperOf(ok);
		expect(await open()(url, { event: 'A' })).toEqual({
			answered: true,
			answer: { status: 200, location: null, body: { result: true } },
		});
		expect(asked).toEqual([
			{
				context,
				type: 'bitrix24OAuth2Api',
				options: {
					url,
					method: 'POST',
					body: { event: 'A' },
					json: true,
					timeout: 1_000,
					disableFollowRedirect: true,
					returnFullResponse: true,
					// A 401 must be an error to n8n: it renews the access token then, and only then.
					ignoreHttpStatusErrors: { ignore: true, except: [401] },
				},
			},
		]);
	});

	it.each([302, 400, 403, 500, 503])('hands an answer with status %d on', async (statusCode) => {
		const { asked, open } = helperOf({ statusCode, headers: { location: 'x' }, body: { error: 'X' } });
		expect(await open()(url, {})).toEqual({
			answered: true,
			answer: { status: statusCode, location: 'x', body: { error: 'X' } },
		});
		expect(asked).toHaveLength(1);
	});

	it('asks again so that an older n8n renews the token as well', async () => {
		const { asked, open } = helperOf(refused, ok);
		expect(await open()(url, { a: 1 })).toMatchObject({ answered: true, answer: { status: 200 } });
		expect(asked).toHaveLength(2);
		expect(asked[1]?.options).not.toHaveProperty('ignoreHttpStatusErrors');
		expect(asked[1]?.options).toMatchObject({ url, method: 'POST', body: { a: 1 }, returnFullResponse: true });
	});

	it('says that there is no access when the renewal does not help', async () => {
		const { open } = helperOf(Object.assign(new Error('Authorization failed'), { httpCode: '401' }));
		expect(await open()(url, {})).toMatchObject({ answered: false, failure: { code: 'NO_ACCESS' } });
	});

	it('says when no answer came', async () => {
		const { open } = helperOf(new Error('connect ECONNREFUSED 127.0.0.1:1'));
		expect(await open()(url, {})).toMatchObject({ answered: false, failure: { status: null, code: 'NO_ANSWER' } });
	});

	it('counts what is no full response as no answer', async () => {
		const { open } = helperOf('<html>');
		expect(await open()(url, {})).toMatchObject({ answered: false, failure: { code: 'NO_ANSWER' } });
	});

	it('waits no longer than it may for a renewal, which n8n does not end for five minutes', async () => {
		jest.useFakeTimers();
		fakeTimeouts();
		const { open } = helperOf(new Promise(() => {}));
		const asking = open()(url, {});
		await jest.advanceTimersByTimeAsync(1_000);
		expect(await asking).toEqual({
			answered: false,
			failure: { status: null, code: 'NO_ANSWER', description: 'it took too long' },
		});
		jest.restoreAllMocks();
		jest.useRealTimers();
	});

	it('ends with its signal, whatever n8n waits for', async () => {
		const node = new AbortController();
		const { open } = helperOf(new Promise(() => {}));
		const asking = open(node.signal)(url, {});
		node.abort();
		expect(await asking).toMatchObject({ answered: false, failure: { code: 'NO_ANSWER' } });
	});

	it('lets its signal end a request', async () => {
		const { signal } = new AbortController();
		const { asked, open } = helperOf(ok);
		await open(signal)(url, {});
		expect(asked[0]?.options.abortSignal).toBe(signal);
	});
});
