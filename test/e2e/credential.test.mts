import type { Execution } from '../../host/index.mjs';
import { testConnected } from './support/testConnected.mjs';
import { Trigger } from './support/Trigger.mjs';
import { openWorld, type World } from './support/world.mjs';

jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
	world = await openWorld();
});
afterAll(async () => await world?.close());

/** What the portal answered to the calls of a method since the log was cleared. */
function answersTo(method: string): Array<number | string> {
	return world.portal.calls.filter((call) => call.method === method).map(({ status, error }) => error ?? status);
}

/** Reads lead 1 in a workflow with n8n's own HTTP Request node and our credential. */
async function readLead(): Promise<Execution> {
	const { client, portal, credentials } = world;
	const parameters = {
		method: 'POST',
		url: `${portal.portalUrl}/rest/crm.lead.get.json`,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: 'bitrix24OAuth2Api',
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

describe('an access token that has ended', () => {
	test.each([
		['revoked early', 'NO_AUTH_FOUND', () => world.portal.revokeAccessTokens()],
		['expired', 'expired_token', () => world.portal.expireAccessTokens()],
	])('because it was %s is renewed by itself while a trigger is activated', async (_, error, end) => {
		const trigger = await Trigger.add(world);
		end();
		world.portal.clearCalls();
		await trigger.activate();
		expect(answersTo('app.info')).toEqual([error, 200]);
		expect(trigger.bound()).toContain('ONCRMLEADDELETE');
		await trigger.deactivate();
		expect(trigger.bound()).toEqual([]);
	});

	test('is renewed once, and kept', async () => {
		const trigger = await Trigger.active(world);
		world.portal.revokeAccessTokens();
		world.portal.clearCalls();
		await trigger.deactivate();
		await trigger.activate();
		expect(world.portal.calls.filter(({ status }) => status === 401)).toHaveLength(1);
		await trigger.deactivate();
	});
});

describe('an HTTP Request node with the credential', () => {
	const lead = { result: expect.objectContaining({ ID: '1', TITLE: 'Website form: price request' }) };

	test('calls crm.lead.get', async () => {
		const execution = await readLead();
		expect(execution.itemsOf('Read')).toEqual([expect.objectContaining(lead)]);
	});

	test.each([
		['NO_AUTH_FOUND', () => world.portal.revokeAccessTokens()],
		['expired_token', () => world.portal.expireAccessTokens()],
	])('calls it again with a new access token after 401 %s', async (error, end) => {
		end();
		world.portal.clearCalls();
		const execution = await readLead();
		expect(answersTo('crm.lead.get')).toEqual([error, 200]);
		expect(execution.itemsOf('Read')).toEqual([expect.objectContaining(lead)]);
	});
});

describe('the test of the OAuth2 credential', () => {
	afterEach(() => {
		world.portal.app.installed = true;
		world.portal.plan.rest = true;
	});
	const test_ = async () => await testConnected(world, world.credentials.bitrix24OAuth2Api.id);

	test('passes for a connected, installed app', async () => {
		expect(await test_()).toMatchObject({ status: 'OK' });
	});

	test('says that the installation is not complete, and how to complete it', async () => {
		world.portal.app.installed = false;
		expect(await test_()).toEqual({ status: 'Error', message: expect.stringMatching(/not complete.*"Uses API only"/) });
	});

	test('does not pass where the portal denies access', async () => {
		world.portal.plan.rest = false;
		expect(await test_()).toMatchObject({ status: 'Error' });
	});
});

describe('the test of the outgoing webhook credential', () => {
	async function verdictOn(applicationToken: string, portalUrl = '') {
		const data = { applicationToken, portalUrl };
		const id = await world.client.createCredential({ name: 'Webhook', type: 'bitrix24OutgoingWebhookApi', data });
		return await world.client.credentialTest(id);
	}

	test.each([
		['51856fefc120afa4b628cc82d3935cce', /^One application token saved/],
		['first, second\nthird', /^3 application tokens saved/],
	])('counts %j, and does not claim that it is right', async (tokens, message) => {
		const { status, message: said } = await verdictOn(tokens);
		expect(status).toBe('OK');
		expect(said).toMatch(message);
		expect(said).toContain('Only a delivery from Bitrix24 can show whether it is right');
	});

	test.each([
		[' , \n', '', /no application token/],
		['token', 'http://', /portal URL.*not an address/],
	])('does not pass for token %j and portal URL %j', async (token, portalUrl, message) => {
		expect(await verdictOn(token, portalUrl)).toEqual({ status: 'Error', message: expect.stringMatching(message) });
	});
});
