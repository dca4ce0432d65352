import type { IHttpRequestOptions } from 'n8n-workflow';

import { parseConnection, readConnection } from '../../../../nodes/Bitrix24/connection/oauth2.js';
import { openBackgroundClient, openClient } from '../../../../nodes/Bitrix24/n8n/openClient.js';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { refused } from '../../../fakes/simulatedPortal.mjs';
import { hookContext } from '../../../fakes/hookContext.mjs';

const busy = refused(503, 'QUERY_LIMIT_EXCEEDED', 'Too many requests');
let portals = 0;

/** A credential of a portal that no other test has called: its pace is kept by its address. */
function ownPortal() {
	const credential = { ...connectedApp, portalUrl: `https://portal-${++portals}.bitrix24.com` };
	const read = parseConnection(credential);
	if (!read.ok) throw new Error('The test is not connected');
	return { ...hookContext({ credentials: { bitrix24OAuth2Api: credential } }), connection: read.connection };
}

/** How many calls have been made by now. */
async function callsAfter(milliseconds: number, portal: { calls: unknown[] }): Promise<number> {
	await jest.advanceTimersByTimeAsync(milliseconds);
	return portal.calls.length;
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('readConnection', () => {
	it.each([
		['is missing', {}, 'The Bitrix24 credential of this node is missing or can not be read.'],
		['can not be read', { bitrix24OAuth2Api: new Error('secret detail') }, 'is missing or can not be read.'],
		[
			'is not connected',
			{ bitrix24OAuth2Api: { ...connectedApp, oauthTokenData: undefined } },
			'The Bitrix24 credential is not connected yet. Open the Bitrix24 OAuth2 API credential and choose "Connect my account".',
		],
		[
			'has no portal',
			{ bitrix24OAuth2Api: { ...connectedApp, portalUrl: 'not an address' } },
			'The portal URL in the credential is not an address. Enter the address in your browser',
		],
	])('says what to do when the credential %s', async (_name, credentials, words) => {
		const reading = readConnection(hookContext({ credentials }).context);
		await expect(reading).rejects.toThrow(words);
		await expect(reading).rejects.not.toThrow('secret detail');
	});
});

describe('openPortal', () => {
	it("calls the credential's portal", async () => {
		const { context, portal: fake, connection } = ownPortal();
		const { portal, connection: read } = await openClient(context);
		expect(await portal.tryCall('event.get')).toEqual({ ok: true, result: [], next: null });
		expect(fake.calls.map(({ url }) => url)).toEqual([`${connection.origin}/rest/event.get.json`]);
		expect(read).toEqual(connection);
	});

	it('waits five seconds for an answer', async () => {
		const { context, portal: fake } = ownPortal();
		const asked = jest.spyOn(fake.helpers, 'httpRequestWithAuthentication');
		const { portal } = await openClient(context);
		await portal.tryCall('event.get');
		expect(asked.mock.calls.map(([, { timeout }]) => timeout)).toEqual([5_000]);
	});

	it('does not wait for the rate, since somebody waits for it', async () => {
		const { context, portal: fake } = ownPortal();
		const { portal } = await openClient(context);
		void Promise.all(Array.from({ length: 30 }, async () => await portal.tryCall('event.get')));
		expect(await callsAfter(0, fake)).toBe(30);
	});

	it('waits out the rate limit with growing pauses', async () => {
		const { context, portal: fake } = ownPortal();
		fake.answers.set('event.get', busy);
		const { portal } = await openClient(context);
		const calling = portal.tryCall('event.get');
		expect(await callsAfter(499, fake)).toBe(1);
		expect(await callsAfter(1, fake)).toBe(2);
		expect(await callsAfter(1_000 + 2_000 + 4_000, fake)).toBe(5);
		expect(await callsAfter(7_999, fake)).toBe(5);
		expect(await callsAfter(1, fake)).toBe(6);
		expect(await calling).toMatchObject({ ok: false, failure: { code: 'QUERY_LIMIT_EXCEEDED' } });
	});

	it('is soon done with a portal that does not answer, before n8n gives up on the activation', async () => {
		const { context, portal: fake } = ownPortal();
		fake.answers.set('event.get', new Error('read ECONNRESET'));
		const { portal } = await openClient(context);
		const calling = portal.tryCall('event.get');
		await jest.advanceTimersByTimeAsync(1_500);
		expect(await calling).toMatchObject({ ok: false, failure: { code: 'NO_ANSWER' } });
		expect(fake.calls).toHaveLength(3);
	});
});

describe('openBackgroundPortal', () => {
	const openFor = (node: AbortController, endsRequests = false) => {
		const { context, portal: fake, connection } = ownPortal();
		const signals: unknown[] = [];
		const timeouts: unknown[] = [];
		const helpers = {
			...context.helpers,
			async httpRequestWithAuthentication(type: string, options: IHttpRequestOptions) {
				signals.push(options.abortSignal);
				timeouts.push(options.timeout);
				return await fake.helpers.httpRequestWithAuthentication(type, options);
			},
		};
		const used = { getCredentials: context.getCredentials, helpers } as never;
		return {
			fake,
			signals,
			timeouts,
			portal: openBackgroundClient(used, connection, { signal: node.signal, endsRequests }),
		};
	};

	it('keeps within the rate: fifteen calls at first, and then 1.9 a second', async () => {
		const { portal, fake } = openFor(new AbortController());
		void Promise.all(Array.from({ length: 20 }, async () => await portal.tryCall('event.get')));
		expect(await callsAfter(0, fake)).toBe(15);
		expect(await callsAfter(1_000, fake)).toBe(16);
		expect(await callsAfter(1_000, fake)).toBe(18);
		expect(await callsAfter(1_000, fake)).toBe(20);
	});

	it('waits twenty seconds for an answer', async () => {
		const { portal, timeouts } = openFor(new AbortController());
		await portal.tryCall('event.get');
		expect(timeouts).toEqual([20_000]);
	});

	it('repeats more patiently than where somebody waits', async () => {
		const { portal, fake } = openFor(new AbortController());
		fake.answers.set('event.get', busy);
		const calling = portal.tryCall('event.get');
		await jest.advanceTimersByTimeAsync(60_000);
		expect(await calling).toMatchObject({ ok: false });
		expect(fake.calls).toHaveLength(6);
	});

	it('repeats no call that may have been heard, where it is asked not to, but one that was refused for the rate', async () => {
		const { context, portal: fake, connection } = ownPortal();
		const used = { getCredentials: context.getCredentials, helpers: context.helpers } as never;
		const { signal } = new AbortController();
		const portal = openBackgroundClient(used, connection, { signal, endsRequests: true, retryUnanswered: false });
		fake.answers.set('event.get', new Error('read ECONNRESET'));
		expect(await portal.tryCall('event.get')).toMatchObject({ ok: false, failure: { code: 'NO_ANSWER' } });
		expect(fake.calls).toHaveLength(1);
		fake.answers.set('event.get', busy);
		void portal.tryCall('event.get');
		expect(await callsAfter(500, fake)).toBe(3);
	});

	it('ends every wait when the node closes', async () => {
		const node = new AbortController();
		const { portal, fake } = openFor(node);
		fake.answers.set('event.get', busy);
		let hasEnded = false;
		void portal.tryCall('event.get').then(() => (hasEnded = true));
		await jest.advanceTimersByTimeAsync(100);
		expect(hasEnded).toBe(false);
		node.abort();
		await jest.advanceTimersByTimeAsync(0);
		expect(hasEnded).toBe(true);
	});

	it('lets the node end requests under way only where it is asked to', async () => {
		const node = new AbortController();
		const ending = openFor(node, true);
		const lasting = openFor(node, false);
		await Promise.all([ending.portal.tryCall('event.get'), lasting.portal.tryCall('event.get')]);
		expect([ending.signals, lasting.signals]).toEqual([[node.signal], [undefined]]);
	});

	it('knows nothing of the pace of another portal', async () => {
		const one = openFor(new AbortController());
		const other = openFor(new AbortController());
		void Promise.all(Array.from({ length: 15 }, async () => await one.portal.tryCall('event.get')));
		await jest.advanceTimersByTimeAsync(0);
		void Promise.all(Array.from({ length: 15 }, async () => await other.portal.tryCall('event.get')));
		expect(await callsAfter(0, other.fake)).toBe(15);
	});
});
