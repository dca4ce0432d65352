import { z } from 'zod';

import type { Transport, TransportResult } from '../../../../nodes/Bitrix24/api/client.js';
import { createRateLimiter } from '../../../../nodes/Bitrix24/api/rateLimiter.js';
import { createClient } from '../../../../nodes/Bitrix24/api/client.js';
import { answered, clientOn, redirected, scriptedTransport } from '../../../fakes/scriptedTransport.mjs';

const done = answered(200, { result: true });
const busy = answered(503, { error: 'QUERY_LIMIT_EXCEEDED', error_description: 'Too many requests' });
const silent: TransportResult = {
	answered: false,
	failure: { status: null, code: 'NO_ANSWER', description: 'ECONNRESET' },
};

function clientOf(...results: [TransportResult, ...TransportResult[]]) {
	const { send, sent } = scriptedTransport(...results);
	const slept: number[] = [];
	const sleep = async (milliseconds: number) => void slept.push(milliseconds);
	const client = clientOn(send, { maxRetries: 3 }, { sleep });
	return { client, once: client.extend({ maxRetries: 0 }), sent: called(sent), slept };
}

function limitedClient(send: Transport) {
	const rateLimiter = createRateLimiter(() => 0);
	const [wait, takeSpare] = [jest.spyOn(rateLimiter, 'wait'), jest.spyOn(rateLimiter, 'takeSpare')];
	const movedTo = { get: () => undefined, set: () => undefined };
	const origin = 'https://a.example';
	const sleep = async () => undefined;
	return { client: createClient({ origin, send, sleep, now: () => 0, rateLimiter, movedTo }), wait, takeSpare };
}

/** What was called, without the options. */
function called(sent: ReturnType<typeof scriptedTransport>['sent']) {
	return new Proxy(sent, {
		get: (target, key) =>
			Reflect.get(
				target.map(({ url, parameters }) => ({ url, parameters })),
				key,
			),
	});
}

describe('tryCall', () => {
	it('posts the parameters to the method', async () => {
		const { client, sent } = clientOf(done);
		expect(await client.tryCall('event.bind', { event: 'ONCRMLEADDELETE' })).toEqual({
			ok: true,
			result: true,
		});
		expect(sent).toEqual([
			{ url: 'https://old.bitrix24.com/rest/event.bind.json', parameters: { event: 'ONCRMLEADDELETE' } },
		]);
	});

	it('returns a failure, and does not retry it', async () => {
		const { client, sent, slept } = clientOf(answered(400, { error: 'ERROR_CORE', error_description: 'no' }));
		expect(await client.tryCall('event.bind')).toEqual({
			ok: false,
			failure: { status: 400, code: 'ERROR_CORE', description: 'no' },
		});
		expect([sent.length, slept]).toEqual([1, []]);
	});

	it('retries with growing pauses what may pass', async () => {
		const { client, sent, slept } = clientOf(busy, silent, busy, done);
		expect(await client.tryCall('event.bind', { event: 'A' })).toMatchObject({ ok: true });
		expect(slept).toEqual([500, 1000, 2000]);
		expect(sent.map(({ parameters }) => parameters)).toEqual(Array(4).fill({ event: 'A' }));
	});

	it('gives up after the last retry, with what came last', async () => {
		const { client, sent, slept } = clientOf(busy, busy, busy, silent);
		expect(await client.tryCall('event.bind')).toEqual({
			ok: false,
			failure: { status: null, code: 'NO_ANSWER', description: 'ECONNRESET' },
		});
		expect([sent.length, slept.length]).toEqual([4, 3]);
	});

	it('follows a renamed portal with the same parameters, and remembers where it is', async () => {
		const { client, sent } = clientOf(redirected('https://new.bitrix24.com/rest/event.bind.json'), done);
		expect(await client.tryCall('event.bind', { event: 'A' })).toMatchObject({ ok: true });
		await client.tryCall('event.get');
		expect(sent).toEqual([
			{ url: 'https://old.bitrix24.com/rest/event.bind.json', parameters: { event: 'A' } },
			{ url: 'https://new.bitrix24.com/rest/event.bind.json', parameters: { event: 'A' } },
			{ url: 'https://new.bitrix24.com/rest/event.get.json', parameters: {} },
		]);
	});

	it.each([
		[299, 1],
		[300, 2],
		[399, 2],
		[400, 1],
	])('takes status %d for a new address, or not: %d requests', async (status, requests) => {
		const { once, sent } = clientOf(redirected('https://new.bitrix24.com/rest/profile.json', status), done);
		await once.tryCall('profile');
		expect(sent).toHaveLength(requests);
	});

	it('follows three addresses, and no fourth', async () => {
		const to = (host: string) => redirected(`https://${host}.bitrix24.com/rest/profile.json`);
		const three = clientOf(to('a'), to('b'), to('c'), done);
		expect(await three.once.tryCall('profile')).toMatchObject({ ok: true });
		expect(three.sent).toHaveLength(4);

		const four = clientOf(to('a'), to('b'), to('c'), to('d'), done);
		expect(await four.once.tryCall('profile')).toEqual({
			ok: false,
			failure: { status: 302, code: 'UNREADABLE_ANSWER', description: 'it redirects elsewhere' },
		});
		expect(four.sent).toHaveLength(4);
	});

	it('waits for its turn with every request, retries and new addresses included', async () => {
		const { send } = scriptedTransport(redirected('https://new.bitrix24.com/rest/profile.json'), busy, done);
		const { client, wait, takeSpare } = limitedClient(send);
		await client.tryCall('profile');
		expect([wait.mock.calls.length, takeSpare.mock.calls.length]).toEqual([3, 0]);
	});

	it('lets others go first where that is asked, and does not ask, once, where there is no place', async () => {
		const { send, sent } = scriptedTransport(done);
		const { client, wait, takeSpare } = limitedClient(send);
		const last = client.extend({ spareRateWithinMs: 3_000 });
		expect(await last.tryCall('profile')).toMatchObject({ ok: true });
		takeSpare.mockResolvedValue(false);
		expect(await last.tryCall('profile')).toMatchObject({ ok: false, failure: { code: 'QUERY_LIMIT_EXCEEDED' } });
		expect(takeSpare.mock.calls).toEqual(Array(2).fill([expect.any(Function), 3_000]));
		expect([wait.mock.calls.length, sent.length]).toEqual([0, 1]);
	});

	it('makes no request that is not admitted', async () => {
		const { send, sent } = scriptedTransport(redirected('https://new.bitrix24.com/rest/profile.json'), done);
		const left = [true, false];
		const { client } = limitedClient(send);
		const counted = client.extend({ admit: () => left.shift() === true });
		expect(await counted.tryCall('profile')).toMatchObject({ ok: false, failure: { code: 'QUERY_LIMIT_EXCEEDED' } });
		expect([left, sent.length]).toEqual([[], 1]);
	});

	it('finds the portal by its own address again where the remembered one does not answer', async () => {
		const { client, sent } = clientOf(redirected('https://new.bitrix24.com/rest/profile.json'), done, silent, done);
		await client.tryCall('profile');
		await client.tryCall('profile');
		expect(sent.map(({ url }) => new URL(url).host)).toEqual([
			...['old.bitrix24.com', 'new.bitrix24.com'],
			...['new.bitrix24.com', 'old.bitrix24.com'],
		]);
	});

	it.each([
		[4_999, 2],
		[5_000, 1],
	])('retries what may pass within its budget only: one request took %d ms, it sent %d', async (duration, requests) => {
		const { send, sent } = scriptedTransport(silent, done);
		let time = 0;
		const slowly: typeof send = async (...request) => {
			time += duration;
			return await send(...request);
		};
		await clientOn(slowly, { retryBudgetMs: 5_000 }, { now: () => time }).tryCall('profile');
		expect(sent).toHaveLength(requests);
	});

	it('retries what passes soon beyond every budget', async () => {
		const { send, sent } = scriptedTransport(busy, busy, done);
		let time = 0;
		const sleep = async () => void (time += 60_000);
		const client = clientOn(send, { retryBudgetMs: 5_000 }, { now: () => time, sleep });
		expect(await client.tryCall('profile')).toMatchObject({ ok: true });
		expect(sent).toHaveLength(3);
	});
});

describe('a pause before a retry', () => {
	it.each([
		['as long as the portal says', 10, [10_000]],
		['for fifteen seconds at most', 15, [15_000]],
		['not at all where that is further off', 15.001, []],
		['no shorter than it would anyway', 0.1, [500]],
	])('is %s', async (_name, operating_reset_at, pauses) => {
		const { client, slept } = clientOf(
			answered(429, { error: 'OPERATION_TIME_LIMIT', time: { operating_reset_at } }),
			done,
		);
		await client.tryCall('profile');
		expect(slept).toEqual(pauses);
	});
});

describe('call', () => {
	it('calls the method and returns its result in the form that was asked for', async () => {
		const { client, sent } = clientOf(answered(200, { result: { INSTALLED: 'x', MORE: 1 } }));
		expect(await client.call('app.info', { a: 1 }, z.object({ INSTALLED: z.string() }))).toEqual({ INSTALLED: 'x' });
		expect(sent).toEqual([{ url: 'https://old.bitrix24.com/rest/app.info.json', parameters: { a: 1 } }]);
	});

	it('throws when the result has another form', async () => {
		const calling = clientOf(answered(200, { result: 'x' })).client.call('events', {}, z.array(z.string()));
		await expect(calling).rejects.toMatchObject({
			message: expect.stringContaining('not the Bitrix24 REST API (events answered in an unknown form).'),
			failure: { status: 200, code: 'UNREADABLE_ANSWER', description: 'events answered in an unknown form' },
		});
	});
});

describe('extend', () => {
	it('makes a client whose calls differ in what is named, and in nothing else', async () => {
		const { send, sent } = scriptedTransport(done);
		const { signal } = new AbortController();
		const client = clientOn(send, { timeoutMs: 5_000 });
		await client.extend({ accessToken: 'token', signal }).tryCall('profile');
		await client.tryCall('profile');
		await clientOn(send).tryCall('profile');
		expect(sent.map(({ options }) => options)).toEqual([
			{ timeoutMs: 5_000, accessToken: 'token', signal },
			{ timeoutMs: 5_000 },
			{ timeoutMs: 20_000 },
		]);
	});
});

describe('a redirect', () => {
	/** Where the second request went, and the base of the third; null where the redirect was not followed. */
	async function followed(origin: string, location: string | null, method: string) {
		const { send, sent } = scriptedTransport(redirected(location), done);
		let base: string | undefined;
		const movedTo = { get: () => base, set: (to: string | undefined) => void (base = to) };
		const context = { origin, send, sleep: async () => undefined, now: () => 0, movedTo };
		await createClient({ ...context, rateLimiter: createRateLimiter(() => 0) }, { maxRetries: 0 }).tryCall(method);
		return sent.length === 1 ? null : { url: sent[1]?.url, base };
	}

	it.each([
		['https://new.bitrix24.com/rest/event.bind.json', 'https://new.bitrix24.com/rest/'],
		['https://new.bitrix24.com/rest/event.bind', 'https://new.bitrix24.com/rest/'],
		['https://new.bitrix24.com:8443/rest/event.bind.json', 'https://new.bitrix24.com:8443/rest/'],
		['https://new.bitrix24.com/rest/event.bind.json?a=b', 'https://new.bitrix24.com/rest/'],
	])('to %s is followed', async (location, base) => {
		expect(await followed('https://old.bitrix24.com', location, 'event.bind')).toEqual({ url: location, base });
	});

	it.each([
		['nowhere', null],
		['what is no address', 'https://'],
		['another path', 'https://new.bitrix24.com/login/'],
		['a path around it', 'https://new.bitrix24.com/a/rest/event.bind.json'],
		['a path behind it', 'https://new.bitrix24.com/rest/event.bind.json/more'],
		['another method', 'https://new.bitrix24.com/rest/event.unbind.json'],
		['a method that only looks like it', 'https://new.bitrix24.com/rest/eventXbind.json'],
		['another format', 'https://new.bitrix24.com/rest/event.bindXjson'],
		['unencrypted http', 'http://new.bitrix24.com/rest/event.bind.json'],
		['another protocol', 'ftp://new.bitrix24.com/rest/event.bind.json'],
	])('does not carry the access token to %s', async (_name, location) => {
		expect(await followed('https://old.bitrix24.com', location, 'event.bind')).toBeNull();
	});

	it.each(['http://127.0.0.1:8025', 'https://new.example.com'])('leads from unencrypted http to %s', async (to) => {
		const result = await followed('http://127.0.0.1:8024', `${to}/rest/profile.json`, 'profile');
		expect(result?.base).toBe(`${to}/rest/`);
	});
});
