import { z } from 'zod';

import type { Execution } from '../../host/index.mjs';
import { startSimulator } from '../../simulator/index.mjs';
import { readDiagnoses } from '../docs/troubleshootingPage.mjs';
import { Trigger } from './support/Trigger.mjs';
import { connect, credentialFor, openWorld, type World } from './support/world.mjs';

jest.setTimeout(120_000);

const type = 'bitrix24OAuth2Api';
const name = 'Bitrix24';

let world: World;
beforeAll(async () => {
	world = await openWorld();
});
afterAll(async () => await world?.close());

async function isConnected(id: string): Promise<boolean> {
	return (await world.client.getCredential(id)).data.oauthTokenData === true;
}

const verdict = z.object({ status: z.enum(['OK', 'Error']), message: z.string() });

/**
 * Tests a connected OAuth2 credential through n8n's public API, with an API key made for it: the editor itself has no
 * test for OAuth2 credentials, so the session that drives it cannot ask for one.
 */
async function testConnected(credentialId: string): Promise<z.infer<typeof verdict>> {
	const { client, n8n } = world;
	const form = { label: `test of ${credentialId}`, scopes: ['credential:read'], expiresAt: null };
	const made = await client.session.send('POST', '/rest/api-keys', form);
	const { id, rawApiKey } = z.object({ id: z.string(), rawApiKey: z.string() }).parse(made);
	const url = `${n8n.url}/api/v1/credentials/${credentialId}/test`;
	const answer = await fetch(url, { method: 'POST', headers: { 'X-N8N-API-KEY': rawApiKey } });
	await client.session.send('DELETE', `/rest/api-keys/${id}`);
	return verdict.parse(await answer.json());
}

describe('"Connect my account"', () => {
	/** Saves a credential and asks n8n where the button goes. */
	async function begin(changes: Record<string, string> = {}): Promise<{ id: string; authUrl: URL }> {
		const { client, portal } = world;
		const id = await client.createCredential({ name, type, data: { ...credentialFor(portal), ...changes } });
		const authUrl = await client.session.get(`/rest/oauth2-credential/auth?id=${id}`, z.string().url());
		return { id, authUrl: new URL(authUrl) };
	}

	test.each([
		['with a trailing slash', (url: string) => `${url}/`],
		['with stray spaces and the path of a page', (url: string) => `  ${url}/crm/lead/list/?IFRAME=Y#top `],
	])('connects over http, at a port of an IP address, to a portal URL %s', async (_, write) => {
		const { bitrix24OAuth2Api } = await connect(world, world.portal, { portalUrl: write(world.portal.portalUrl) });
		expect(await isConnected(bitrix24OAuth2Api.id)).toBe(true);
		expect(await testConnected(bitrix24OAuth2Api.id)).toMatchObject({ status: 'OK' });
	});

	test.each([
		[' your-company.bitrix24.com/crm/ ', 'https://your-company.bitrix24.com'],
		['http://bitrix.lan:8080/', 'http://bitrix.lan:8080'],
		['10.0.0.7:8443', 'https://10.0.0.7:8443'],
	])(
		'leads from %j to the authorization page of %s, with the client secret in no address',
		async (portalUrl, origin) => {
			const { authUrl } = await begin({ portalUrl });
			expect(`${authUrl.origin}${authUrl.pathname}`).toBe(`${origin}/oauth/authorize/`);
			expect(authUrl.searchParams.get('client_id')).toBe(world.portal.app.clientId);
			expect(authUrl.href).not.toContain(world.portal.app.clientSecret);
		},
	);

	const forged = Buffer.from(JSON.stringify({ token: 'forged', cid: '1' })).toString('base64');
	test.each([
		['a state that is made up', 'state', () => forged, /state|parameter/i],
		['a state that is altered', 'state', (genuine: string) => `${genuine.slice(0, -4)}AAAA`, /state|parameter/i],
		['a code that the portal never gave out', 'code', () => 'f'.repeat(70), /invalid_grant/],
	])('connects nothing when the browser comes back with %s', async (_, parameter, forge, says) => {
		const { id, authUrl } = await begin();
		const back = await fetch(authUrl, { redirect: 'manual' });
		const callback = new URL(back.headers.get('location') ?? '');
		expect(callback.origin).toBe(world.n8n.url);
		callback.searchParams.set(parameter, forge(callback.searchParams.get(parameter) ?? ''));
		const page = await (await world.client.session.open(callback.href)).text();
		expect(page).toContain('Failed to connect');
		expect(page).toMatch(says);
		expect(page).not.toContain(world.portal.app.clientSecret);
		expect(await isConnected(id)).toBe(false);
	});

	test('connects nothing when another browser comes back', async () => {
		const { id, authUrl } = await begin();
		expect(await (await fetch(authUrl)).text()).not.toMatch(/connected successfully/i);
		expect(await isConnected(id)).toBe(false);
	});

	test('ends at the wrong authorization server as docs/troubleshooting.md quotes it', async () => {
		const [window = ''] = readDiagnoses().get(10)?.windows ?? [];
		expect(window).not.toBe('');
		const other = await startSimulator();
		const connecting = connect(world, world.portal, { authorizationServer: other.authorizationServer });
		await expect(connecting).rejects.toThrow(window.replace('\n', ': '));
		await other.stop();
	});
});

/** What the portal answered to the calls of a method since the log was cleared. */
const answersTo = (method: string) =>
	world.portal.calls.filter((call) => call.method === method).map(({ status, error }) => error ?? status);

const ends: Array<[error: string, end: () => void]> = [
	['NO_AUTH_FOUND', () => world.portal.revokeAccessTokens()],
	['expired_token', () => world.portal.expireAccessTokens()],
];

test.each(ends)(
	'a trigger renews an access token that ended as %s by itself, once, and keeps it',
	async (error, end) => {
		const trigger = await Trigger.add(world);
		end();
		world.portal.clearCalls();
		await trigger.activate();
		await trigger.learned();
		expect(answersTo('app.info')).toEqual([error, 200]);
		await trigger.deactivate();
		await trigger.activate();
		expect(world.portal.calls.filter(({ status }) => status === 401)).toHaveLength(1);
		await trigger.deactivate();
		expect(trigger.bound()).toEqual([]);
	},
);

describe('an HTTP Request node with the credential', () => {
	/** Reads lead 1 in a workflow with n8n's own node. */
	async function readLead(): Promise<Execution> {
		const { client, portal, credentials } = world;
		const parameters = {
			method: 'POST',
			url: `${portal.portalUrl}/rest/crm.lead.get.json`,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: type,
			sendBody: true,
			specifyBody: 'json',
			jsonBody: '{"id": 1}',
		};
		const { id } = await client.createWorkflow({
			name: 'Read a lead',
			nodes: [
				{ name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
				{ name: 'Read', type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2, parameters, credentials },
			],
		});
		return await (await client.listenForTestEvent(id, 'Start')).received();
	}

	test.each<[string, () => void]>([['a good one', () => undefined], ...ends])(
		'calls crm.lead.get with its access token, after %s',
		async (before, end) => {
			end();
			world.portal.clearCalls();
			const result = expect.objectContaining({ ID: '1', TITLE: 'Website form: price request' });
			expect((await readLead()).itemsOf('Read')).toEqual([expect.objectContaining({ result })]);
			expect(answersTo('crm.lead.get')).toEqual(before === 'a good one' ? [200] : [before, 200]);
		},
	);
});

test('the test of the OAuth2 credential passes, says how to complete the installation, and fails without access', async () => {
	const { portal, credentials } = world;
	const tested = async () => await testConnected(credentials.bitrix24OAuth2Api.id);
	expect(await tested()).toMatchObject({ status: 'OK' });
	portal.app.installed = false;
	expect(await tested()).toEqual({ status: 'Error', message: expect.stringMatching(/not complete.*"Uses API only"/) });
	portal.app.installed = true;
	portal.plan.rest = false;
	expect(await tested()).toMatchObject({ status: 'Error' });
	portal.plan.rest = true;
});

test.each([
	['first, second\nthird', '', 'OK', /^3 application tokens saved.*Only a delivery from Bitrix24 can show/],
	[' , \n', '', 'Error', /no application token/],
	['token', 'http://', 'Error', /portal URL.*not an address/],
])(
	'the test of the outgoing webhook credential judges %j with portal URL %j: %s',
	async (tokens, portalUrl, status, message) => {
		const data = { applicationToken: tokens, portalUrl };
		const id = await world.client.createCredential({ name, type: 'bitrix24OutgoingWebhookApi', data });
		expect(await world.client.credentialTest(id)).toEqual({ status, message: expect.stringMatching(message) });
	},
);
