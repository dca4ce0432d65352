import { getEventListeners } from 'node:events';

import type { IHttpRequestOptions } from 'n8n-workflow';

import { createTransport } from '../../../../nodes/Bitrix24/n8n/transports.js';
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
		send: async (parameters: object, signal?: AbortSignal) =>
			await createTransport(context)(url, { ...parameters }, { timeoutMs: 1_000, ...(signal ? { signal } : {}) }),
	};
}

describe('createTransport, with the credential', () => {
	it("posts JSON with the node's OAuth2 credential, follows no redirect, and waits as long as it may", async () => {
		const { context, asked, send } = helperOf(ok);
		expect(await send({ event: 'A' })).toEqual({
			answered: true,
			response: { status: 200, location: null, body: { result: true } },
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
		const { asked, send } = helperOf({ statusCode, headers: { location: 'x' }, body: { error: 'X' } });
		expect(await send({})).toEqual({
			answered: true,
			response: { status: statusCode, location: 'x', body: { error: 'X' } },
		});
		expect(asked).toHaveLength(1);
	});

	it('asks again so that an older n8n renews the token as well', async () => {
		const { asked, send } = helperOf(refused, ok);
		expect(await send({ a: 1 })).toMatchObject({ answered: true, response: { status: 200 } });
		expect(asked).toHaveLength(2);
		expect(asked[1]?.options).not.toHaveProperty('ignoreHttpStatusErrors');
		expect(asked[1]?.options).toMatchObject({ url, method: 'POST', body: { a: 1 }, returnFullResponse: true });
	});

	it('counts what is no full response as no answer', async () => {
		const { send } = helperOf('<html>');
		expect(await send({})).toMatchObject({ answered: false, failure: { code: 'NO_ANSWER' } });
	});

	it('waits no longer than it may for a renewal, which n8n does not end for five minutes', async () => {
		jest.useFakeTimers();
		fakeTimeouts();
		const { send } = helperOf(new Promise(() => {}));
		const asking = send({});
		await jest.advanceTimersByTimeAsync(1_000);
		expect(await asking).toEqual({
			answered: false,
			failure: { status: null, code: 'NO_ANSWER', description: 'it took too long' },
		});
		jest.restoreAllMocks();
		jest.useRealTimers();
	});

	it('lets its signal end a request', async () => {
		const node = new AbortController();
		const { asked, send } = helperOf(new Promise(() => {}));
		const asking = send({}, node.signal);
		expect(asked[0]?.options.abortSignal).toMatchObject({ aborted: false });
		node.abort();
		await asking;
		await send({}, node.signal);
		for (const { options } of asked) expect(options.abortSignal).toMatchObject({ aborted: true });
	});

	it('leaves nothing on the signal of the node, which lives for months', async () => {
		const { signal } = new AbortController();
		const { send } = helperOf(ok);
		for (let request = 0; request < 12; request++) await send({}, signal);
		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});
});

describe('createTransport, with the access token of an event', () => {
	const sendWith = async (httpRequest: (options: IHttpRequestOptions) => Promise<unknown>, signal?: AbortSignal) =>
		await createTransport({ helpers: { httpRequest } } as never)(
			url,
			{ a: 1, auth: 'another' },
			{ timeoutMs: 1_000, accessToken: 'token-of-the-event', ...(signal ? { signal } : {}) },
		);

	it('posts the token in the body, follows no redirect, and reads every status itself', async () => {
		const asked: IHttpRequestOptions[] = [];
		const { signal } = new AbortController();
		const answering = async (options: IHttpRequestOptions) => {
			asked.push(options);
			return { ...refused };
		};
		expect(await sendWith(answering, signal)).toEqual({
			answered: true,
			response: { status: 401, location: null, body: { error: 'expired_token' } },
		});
		expect(asked).toEqual([
			{
				url,
				method: 'POST',
				body: { a: 1, auth: 'token-of-the-event' },
				json: true,
				timeout: 1_000,
				disableFollowRedirect: true,
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				abortSignal: signal,
			},
		]);
	});

	it.each([
		['headers of another kind', { statusCode: 200, headers: 'x', body: 'x' }, 'x'],
		['two locations', { statusCode: 200, headers: { location: ['a', 'b'] }, body: 'x' }, 'x'],
		['an empty body', { statusCode: 200, headers: {}, body: '' }, ''],
		['no body', { statusCode: 200 }, null],
	])('reads a response with %s', async (_name, full, body) => {
		expect(await sendWith(async () => full)).toEqual({
			answered: true,
			response: { status: 200, location: null, body },
		});
	});
});
