import { z } from 'zod';

import { callbackFailure } from '../../host/client/connectOAuth2.mjs';
import { testConnected } from './support/testConnected.mjs';
import { connect, credentialFor, openWorld, type World } from './support/world.mjs';

jest.setTimeout(120_000);

const type = 'bitrix24OAuth2Api';
const name = 'Bitrix24';

let world: World;
beforeAll(async () => {
	world = await openWorld();
});
afterAll(async () => await world?.close());

/** Saves a credential and asks n8n where "Connect my account" goes. */
async function begin(changes: Record<string, string> = {}): Promise<{ id: string; authUrl: URL }> {
	const { client, portal } = world;
	const id = await client.createCredential({ name, type, data: { ...credentialFor(portal), ...changes } });
	const authUrl = await client.session.get(`/rest/oauth2-credential/auth?id=${id}`, z.string().url());
	return { id, authUrl: new URL(authUrl) };
}

async function isConnected(id: string): Promise<boolean> {
	return (await world.client.getCredential(id)).data.oauthTokenData === true;
}

describe('the portal URL', () => {
	test.each([
		['as it is', (url: string) => url],
		['with a trailing slash', (url: string) => `${url}/`],
		['with stray spaces', (url: string) => `  ${url} `],
		['with the path of a page', (url: string) => `${url}/crm/lead/list/?IFRAME=Y#top`],
	])('%s connects over http, at a port of an IP address', async (_, write) => {
		const { bitrix24OAuth2Api } = await connect(world, world.portal, { portalUrl: write(world.portal.portalUrl) });
		expect(await isConnected(bitrix24OAuth2Api.id)).toBe(true);
		expect(await testConnected(world, bitrix24OAuth2Api.id)).toMatchObject({ status: 'OK' });
	});

	test.each([
		['your-company.bitrix24.com', 'https://your-company.bitrix24.com'],
		[' your-company.bitrix24.com/crm/ ', 'https://your-company.bitrix24.com'],
		['https://your-company.bitrix24.com/', 'https://your-company.bitrix24.com'],
		['http://bitrix.lan:8080/', 'http://bitrix.lan:8080'],
		['10.0.0.7:8443', 'https://10.0.0.7:8443'],
	])('%j leads to the authorization page of %s', async (portalUrl, origin) => {
		const { authUrl } = await begin({ portalUrl });
		expect(`${authUrl.origin}${authUrl.pathname}`).toBe(`${origin}/oauth/authorize/`);
		expect(authUrl.searchParams.get('client_id')).toBe(world.portal.app.clientId);
	});
});

test('the client secret is in no address', async () => {
	const { authUrl } = await begin();
	expect(authUrl.href).not.toContain(world.portal.app.clientSecret);
});

describe('what comes back from the portal', () => {
	test.each([
		['made up', () => Buffer.from(JSON.stringify({ token: 'forged', cid: '1' })).toString('base64')],
		['altered', (genuine: string) => `${genuine.slice(0, -4)}AAAA`],
		['missing', () => ''],
	])('with a state that is %s connects nothing', async (_, forge) => {
		const { client, portal, n8n } = world;
		const { id, authUrl } = await begin();
		const back = await fetch(authUrl, { redirect: 'manual' });
		const callback = new URL(back.headers.get('location') ?? '');
		expect(callback.origin).toBe(n8n.url);
		callback.searchParams.set('state', forge(callback.searchParams.get('state') ?? ''));

		const page = await (await client.session.open(callback.href)).text();
		expect(callbackFailure(page) ?? page).toMatch(/state|code|parameter/i);
		expect(page).not.toContain(portal.app.clientSecret);
		expect(await isConnected(id)).toBe(false);
	});

	test('with a code that the portal never gave out connects nothing', async () => {
		const { client } = world;
		const { id, authUrl } = await begin();
		const back = await fetch(authUrl, { redirect: 'manual' });
		const callback = new URL(back.headers.get('location') ?? '');
		callback.searchParams.set('code', 'f'.repeat(70));

		expect(callbackFailure(await (await client.session.open(callback.href)).text())).toContain('invalid_grant');
		expect(await isConnected(id)).toBe(false);
	});

	test('in another browser connects nothing', async () => {
		const { id, authUrl } = await begin();
		const page = await (await fetch(authUrl)).text();
		expect(page).not.toMatch(/connected successfully/i);
		expect(await isConnected(id)).toBe(false);
	});
});
