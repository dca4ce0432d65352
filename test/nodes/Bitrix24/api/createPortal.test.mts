import type { TransportResult } from '../../../../nodes/Bitrix24/api/client.js';
import { createClient } from '../../../../nodes/Bitrix24/api/client.js';
import { answered, redirected, scriptedTransport } from '../../../fakes/scriptedTransport.mjs';

const origin = 'https://old.bitrix24.com';
const done = answered(200, { result: true });
const busy = answered(503, { error: 'QUERY_LIMIT_EXCEEDED', error_description: 'Too many requests' });
const silent: TransportResult = {
	answered: false,
	failure: { status: null, code: 'NO_ANSWER', description: 'ECONNRESET' },
};

function portalOf(...replies: [TransportResult, ...TransportResult[]]) {
	const { transport, sent } = scriptedTransport(...replies);
	const slept: number[] = [];
	const sleep = async (milliseconds: number) => void slept.push(milliseconds);
	let requests = 0;
	const beforeRequest = () => void requests++;
	const portal = createClient({ origin, transport, sleep, now: () => 0, maxRetries: 3, beforeRequest });
	return { portal, sent, slept, requests: () => requests };
}

describe('createPortal', () => {
	it('posts the parameters to the method', async () => {
		const { portal, sent } = portalOf(done);
		expect(await portal.tryCall('event.bind', { event: 'ONCRMLEADDELETE' })).toEqual({
			ok: true,
			result: true,
			next: null,
		});
		expect(sent).toEqual([
			{ url: 'https://old.bitrix24.com/rest/event.bind.json', parameters: { event: 'ONCRMLEADDELETE' } },
		]);
	});

	it('posts no parameters where there are none', async () => {
		const { portal, sent } = portalOf(done);
		await portal.tryCall('app.info');
		expect(sent).toEqual([{ url: 'https://old.bitrix24.com/rest/app.info.json', parameters: {} }]);
	});

	it('returns a refusal, and does not repeat it', async () => {
		const { portal, sent, slept } = portalOf(answered(400, { error: 'ERROR_CORE', error_description: 'no' }));
		expect(await portal.tryCall('event.bind')).toEqual({
			ok: false,
			failure: { status: 400, code: 'ERROR_CORE', description: 'no' },
		});
		expect([sent.length, slept]).toEqual([1, []]);
	});

	it('repeats with growing pauses what may pass', async () => {
		const { portal, sent, slept } = portalOf(busy, silent, busy, done);
		expect(await portal.tryCall('event.bind', { event: 'A' })).toMatchObject({ ok: true });
		expect(slept).toEqual([500, 1000, 2000]);
		expect(sent.map(({ parameters }) => parameters)).toEqual(Array(4).fill({ event: 'A' }));
	});

	it('gives up after the last repeat, with what came last', async () => {
		const { portal, sent, slept } = portalOf(busy, busy, busy, silent);
		expect(await portal.tryCall('event.bind')).toEqual({
			ok: false,
			failure: { status: null, code: 'NO_ANSWER', description: 'ECONNRESET' },
		});
		expect([sent.length, slept.length]).toEqual([4, 3]);
	});

	it('follows a renamed portal with the same parameters, and remembers where it lives', async () => {
		const { portal, sent } = portalOf(redirected('https://new.bitrix24.com/rest/event.bind.json'), done);
		expect(await portal.tryCall('event.bind', { event: 'A' })).toMatchObject({ ok: true });
		await portal.tryCall('event.get');
		expect(sent).toEqual([
			{ url: 'https://old.bitrix24.com/rest/event.bind.json', parameters: { event: 'A' } },
			{ url: 'https://new.bitrix24.com/rest/event.bind.json', parameters: { event: 'A' } },
			{ url: 'https://new.bitrix24.com/rest/event.get.json', parameters: {} },
		]);
	});

	it.each([300, 301, 307, 308, 399])('takes status %d for a new address', async (status) => {
		const { portal, sent } = portalOf(redirected('https://new.bitrix24.com/rest/profile.json', status), done);
		expect(await portal.tryCall('profile')).toMatchObject({ ok: true });
		expect(sent).toHaveLength(2);
	});

	it.each([299, 400])('does not take status %d for a new address', async (status) => {
		const { portal, sent } = portalOf(redirected('https://new.bitrix24.com/rest/profile.json', status), done);
		expect(await portal.tryCall('profile')).toMatchObject({
			ok: false,
			failure: { status, code: 'UNREADABLE_ANSWER' },
		});
		expect(sent).toHaveLength(1);
	});

	it('follows three addresses, and no fourth', async () => {
		const to = (host: string) => redirected(`https://${host}.bitrix24.com/rest/profile.json`);
		const three = portalOf(to('a'), to('b'), to('c'), done);
		expect(await three.portal.tryCall('profile')).toMatchObject({ ok: true });
		expect(three.sent).toHaveLength(4);

		const four = portalOf(to('a'), to('b'), to('c'), to('d'), done);
		expect(await four.portal.tryCall('profile')).toEqual({
			ok: false,
			failure: { status: 302, code: 'UNREADABLE_ANSWER', description: 'it redirects elsewhere' },
		});
		expect(four.sent).toHaveLength(4);
	});

	it.each([null, 'https://evil.example.com/collect', 'http://old.bitrix24.com/rest/profile.json'])(
		'does not follow to %p',
		async (location) => {
			const { portal, sent } = portalOf(redirected(location), done);
			expect(await portal.tryCall('profile')).toEqual({
				ok: false,
				failure: { status: 302, code: 'UNREADABLE_ANSWER', description: 'it redirects elsewhere' },
			});
			expect(sent).toHaveLength(1);
		},
	);

	it('counts every request, repeats and new addresses included', async () => {
		const { portal, requests } = portalOf(redirected('https://new.bitrix24.com/rest/profile.json'), busy, done);
		await portal.tryCall('profile');
		expect(requests()).toBe(3);
	});

	it('waits before a request where it is told to', async () => {
		const { transport, sent } = scriptedTransport(done);
		const sentBefore: number[] = [];
		const beforeRequest = async () => {
			await Promise.resolve();
			sentBefore.push(sent.length);
		};
		const portal = createClient({
			origin,
			transport,
			sleep: async () => {},
			now: () => 0,
			maxRetries: 0,
			beforeRequest,
		});
		await portal.tryCall('profile');
		await portal.tryCall('profile');
		expect(sentBefore).toEqual([0, 1]);
	});

	it('repeats nothing where it may not', async () => {
		const { transport, sent } = scriptedTransport(busy, done);
		const portal = createClient({ origin, transport, sleep: async () => {}, now: () => 0, maxRetries: 0 });
		expect(await portal.tryCall('profile')).toMatchObject({ ok: false, failure: { code: 'QUERY_LIMIT_EXCEEDED' } });
		expect(sent).toHaveLength(1);
	});

	it.each([
		[4_999, 2],
		[5_000, 1],
	])('has no patience left after a while: one request took %d ms, it sent %d', async (duration, requests) => {
		const { transport, sent } = scriptedTransport(silent, done);
		let time = 0;
		const slowly: typeof transport = async (...request) => {
			time += duration;
			return await transport(...request);
		};
		const sleep = async () => {};
		const portal = createClient({
			origin,
			transport: slowly,
			sleep,
			now: () => time,
			maxRetries: 3,
			retryBudgetMs: 5_000,
		});
		await portal.tryCall('profile');
		expect(sent).toHaveLength(requests);
	});

	it('waits for the rate limit beyond all patience', async () => {
		const { transport, sent } = scriptedTransport(busy, busy, done);
		let time = 0;
		const sleep = async () => void (time += 60_000);
		const portal = createClient({ origin, transport, sleep, now: () => time, maxRetries: 3, retryBudgetMs: 5_000 });
		expect(await portal.tryCall('profile')).toMatchObject({ ok: true });
		expect(sent).toHaveLength(3);
	});

	it('waits until the moment that the portal names', async () => {
		const used = { error: 'OPERATION_TIME_LIMIT', time: { operating_reset_at: 10 } };
		const { portal, slept } = portalOf(answered(429, used), done);
		expect(await portal.tryCall('profile')).toMatchObject({ ok: true });
		expect(slept).toEqual([10_000]);
	});
});
