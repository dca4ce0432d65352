import { openWorld, type World } from './support/world.mjs';

jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
	world = await openWorld();
});
afterAll(async () => await world?.close());

test('a deleted lead starts the workflow', async () => {
	const { client, portal, credentials } = world;
	const workflow = await client.createWorkflow({
		name: 'Deleted lead',
		nodes: [{ name: 'Bitrix24 Trigger', type: 'n8n-nodes-bitrix24.bitrix24Trigger', credentials }],
	});
	const outcome = await client.activate(workflow.id);
	console.log(outcome, portal.handlers());
	await portal.idle();
	console.log(portal.handlers(), portal.deliveries.map((d) => [d.event, d.status, d.answer]), portal.calls.map((c) => [c.method, c.status, c.error]));
	const lead = portal.leads.list()[0];
	portal.leads.delete(lead.ID);
	const [execution] = await client.waitForExecutions(workflow.id, 1, 10_000);
	console.log(execution?.itemsOf('Bitrix24 Trigger'));
	console.log(await client.deactivate(workflow.id), portal.handlers());
	console.log(world.n8n.log().slice(-3000));
});
