import { openWorld, type World } from './support/world.mjs';
import { testConnected } from './support/testConnected.mjs';
jest.setTimeout(120_000);
let world: World;
beforeAll(async () => {
	world = await openWorld();
});
afterAll(async () => await world?.close());
const log = (...a: unknown[]) => process.stdout.write(a.map((x) => JSON.stringify(x)).join(' ') + '\n');
test('x', async () => {
	const { client, portal, credentials } = world;
	const id = credentials.bitrix24OAuth2Api.id;
	portal.clearCalls();
	log(await testConnected(world, id), portal.calls);
	portal.app.installed = false;
	log(await testConnected(world, id));
	portal.app.installed = true;
	portal.revokeAccessTokens();
	log(await testConnected(world, id));
	portal.plan.rest = false;
	log(await testConnected(world, id));
	portal.plan.rest = true;
	portal.revokeAccessTokens();
	portal.revokeRefreshTokens();
	log(await testConnected(world, id));
	await portal.renameTo();
	log(await client.credentialTest(id));
	const hook = await client.createCredential({
		name: 'h',
		type: 'bitrix24OutgoingWebhookApi',
		data: { applicationToken: 'a, b', portalUrl: '' },
	});
	log(await client.credentialTest(hook));
	await client.updateCredential(hook, { data: { applicationToken: '  ' } });
	log(await client.credentialTest(hook));
	await client.updateCredential(hook, { data: { applicationToken: 'a', portalUrl: 'http://' } });
	log(await client.credentialTest(hook));
	log((await client.nodeTypes()).filter((x) => x.name.includes('bitrix24')).map((x) => x.name));
	const w = await client.createWorkflow({
		name: 'h',
		nodes: [
			{ name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
			{
				name: 'HTTP Request',
				type: 'n8n-nodes-base.httpRequest',
				typeVersion: 4.2,
				credentials,
				parameters: {
					method: 'POST',
					url: portal.portalUrl + '/rest/crm.lead.get.json',
					authentication: 'predefinedCredentialType',
					nodeCredentialType: 'bitrix24OAuth2Api',
					sendBody: true,
					specifyBody: 'json',
					jsonBody: '{"id": 1}',
				},
			},
		],
	});
	const l = await client.listenForTestEvent(w.id, 'Start');
	const e = await l.received();
	log(e.status, e.error, e.itemsOf('HTTP Request'));
});
