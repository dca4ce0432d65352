import { parseConnection, readConnection } from '../../../../nodes/Bitrix24/connection/oauth2.js';
import { clientFor, openClient } from '../../../../nodes/Bitrix24/n8n/openClient.js';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { refused } from '../../../fakes/simulatedPortal.mjs';
import { hookContext } from '../../../fakes/hookContext.mjs';

const busy = refused(503, 'QUERY_LIMIT_EXCEEDED', 'Too many requests');
let portals = 0;

/** A credential of a portal that no other test has called: its rate is kept by its member id. */
function ownPortal(changes: Partial<typeof connectedApp> = {}) {
	const oauthTokenData = { ...connectedApp.oauthTokenData, member_id: `member-${++portals}` };
	const credential = { ...connectedApp, oauthTokenData, ...changes };
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
		['is missing', {}, 'The Bitrix24 credential of this node is missing or cannot be read.'],
		['cannot be read', { bitrix24OAuth2Api: new Error('secret detail') }, 'is missing or cannot be read.'],
	])('says what to do when the credential %s', async (_name, credentials, words) => {
		const reading = readConnection(hookContext({ credentials }).context);
		await expect(reading).rejects.toThrow(words);
		await expect(reading).rejects.not.toThrow('secret detail');
	});
});

describe('openClient', () => {
	it("calls the credential's portal, and waits five seconds for an answer", async () => {
		const { context, portal: fake, connection } = ownPortal();
		const asked = jest.spyOn(fake.helpers, 'httpRequestWithAuthentication');
		const { client, connection: read } = await openClient(context);
		expect(await client.tryCall('event.get')).toEqual({ ok: true, result: [] });
		expect(asked.mock.calls.map(([, { timeout }]) => timeout)).toEqual([5_000]);
		expect(fake.calls.map(({ url }) => url)).toEqual([`${connection.origin}/rest/event.get.json`]);
		expect(read).toEqual(connection);
	});

	it('waits out the rate limit with growing pauses', async () => {
		const { context, portal: fake } = ownPortal();
		fake.answers.set('event.get', busy);
		const { client } = await openClient(context);
		const calling = client.tryCall('event.get');
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
		const { client } = await openClient(context);
		const calling = client.tryCall('event.get');
		await jest.advanceTimersByTimeAsync(1_500);
		expect(await calling).toMatchObject({ ok: false, failure: { code: 'NO_ANSWER' } });
		expect(fake.calls).toHaveLength(3);
	});
});

describe('clientFor', () => {
	const openFor = (options: Parameters<typeof clientFor>[2] = {}) => {
		const { context, portal: fake, connection } = ownPortal();
		const asked = jest.spyOn(fake.helpers, 'httpRequestWithAuthentication');
		return { fake, connection, context, asked, client: clientFor(context, connection, options) };
	};

	it('lets no call go round the rate, one with the token of an event neither', async () => {
		const { client, fake, context, connection } = openFor();
		const another = clientFor(context, connection, {});
		const calls = Array.from({ length: 8 }, () => [client, client.extend({ accessToken: 'token' })]).flat();
		void Promise.all(calls.map(async (one) => await one.tryCall('profile')));
		void another.tryCall('event.get');
		expect(await callsAfter(0, fake)).toBe(15);
	});

	it('retries no call that may have been heard, where it is asked not to, but one that was refused for the rate', async () => {
		const { client, fake } = openFor({ retryBudgetMs: 0 });
		fake.answers.set('event.get', new Error('read ECONNRESET'));
		expect(await client.tryCall('event.get')).toMatchObject({ ok: false, failure: { code: 'NO_ANSWER' } });
		expect(fake.calls).toHaveLength(1);
		fake.answers.set('event.get', busy);
		void client.tryCall('event.get');
		expect(await callsAfter(500, fake)).toBe(3);
	});

	it('ends every wait when the node closes, and lets it end requests', async () => {
		const node = new AbortController();
		const { client, fake, asked } = openFor({ signal: node.signal });
		fake.answers.set('event.get', busy);
		let hasEnded = false;
		void client.tryCall('event.get').then(() => (hasEnded = true));
		await jest.advanceTimersByTimeAsync(100);
		expect(hasEnded).toBe(false);
		expect(asked.mock.calls.map(([, { abortSignal }]) => abortSignal instanceof AbortSignal)).toEqual([true]);
		node.abort();
		await jest.advanceTimersByTimeAsync(0);
		expect(hasEnded).toBe(true);
	});

	it('knows nothing of the rate of another portal', async () => {
		const [one, other] = [openFor(), openFor()];
		void Promise.all(Array.from({ length: 15 }, async () => await one.client.tryCall('event.get')));
		await jest.advanceTimersByTimeAsync(0);
		void Promise.all(Array.from({ length: 15 }, async () => await other.client.tryCall('event.get')));
		expect(await callsAfter(0, other.fake)).toBe(15);
	});

	it('adds to a refused access what in the credential explains it, and to nothing else', async () => {
		const { context, portal: fake, connection } = ownPortal({ portalUrl: 'https://another.bitrix24.com' });
		const client = clientFor(context, connection, {});
		const { mismatch } = connection;
		expect(mismatch).not.toBeNull();
		fake.answers.set('event.get', Object.assign(new Error('revoked'), { httpCode: '401' }));
		expect(await client.tryCall('event.get')).toMatchObject({ failure: { code: 'NO_ACCESS', mismatch } });
		fake.answers.set('event.get', refused(403, 'ACCESS_DENIED', 'no'));
		expect(await client.tryCall('event.get')).toEqual({
			ok: false,
			failure: { status: 403, code: 'ACCESS_DENIED', description: 'no' },
		});
		const { client: sound, fake: other } = openFor();
		other.answers.set('event.get', Object.assign(new Error('revoked'), { httpCode: '401' }));
		const result = await sound.tryCall('event.get');
		expect(result.ok ? {} : result.failure).not.toHaveProperty('mismatch');
	});
});
