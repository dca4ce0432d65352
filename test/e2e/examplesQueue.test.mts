import { ACME, type ExampleWorld, openExampleWorld } from './support/exampleWorld.mjs';
import { until } from './support/until.mjs';

jest.setTimeout(240_000);

let world: ExampleWorld;
let told: string;
beforeAll(async () => {
	world = await openExampleWorld();
	const keep = await world.activate('lead-archive-keep');
	world.portal.leads.add(ACME);
	await world.succeeded(keep, 1);
	await world.client.deactivate(keep);
	told = await world.activate('queue-deleted-lead');
});
afterAll(async () => await world?.close());

const queueIsEmpty = () => until('the queue is empty', () => world.portal.queue.records().length === 0);

test('a deleted lead is told from the queue, with what the archive knows of it', async () => {
	const { portal, services } = world;
	portal.leads.delete(ACME.ID);
	await world.succeeded(told, 1);
	const where = new URL(portal.portalUrl).host;
	expect(services.messages.map(({ text }) => text.split('\n'))).toEqual([
		[
			`Lead 'Acme Ltd' (#1000983) was deleted by Vadim Valeev on ${where}`,
			'Acme &amp; Sons, +1 202 555 0143, owner Olga Orlova, 2500 EUR',
			`<https://${where}/crm/recyclebin/|Recycle bin>`,
		],
	]);
	expect(services.rows[1]).toEqual(expect.arrayContaining(['Acme Ltd', 'Olga Orlova', 'Vadim Valeev']));
	await queueIsEmpty();
	expect(portal.deliveries.filter(({ event }) => event === 'ONCRMLEADDELETE')).toEqual([]);
});

test('a robot is told as such', async () => {
	const { portal, services } = world;
	const { ID } = portal.leads.add();
	portal.leads.delete(ID, { by: 'robot' });
	await world.succeeded(told, 2);
	expect(services.messages.at(-1)?.text).toContain(`Lead #${ID} was deleted by a robot on`);
});

test('a message that did not get out is repeated', async () => {
	const { portal, services, client } = world;
	const before = services.messages.length;
	services.slackIsDown = true;
	const { ID } = portal.leads.add();
	portal.leads.delete(ID);
	await until('a run has failed', async () => (await client.executions(told, { status: 'error' })).length > 0);
	services.slackIsDown = false;
	await queueIsEmpty();
	expect(services.messages.slice(before).map(({ text }) => text.split(' was')[0])).toEqual([`Lead #${ID}`]);
});

test('an event that comes again after its message is out is left out', async () => {
	const { portal, services, client, n8n } = world;
	const before = services.messages.length;
	const ran = (await client.executions(told, { status: 'success' })).length;
	portal.faults.next('event.offline.clear', 'timeout', { times: 1000 });
	const { ID } = portal.leads.add();
	portal.leads.delete(ID);
	await until('the run has ended', async () => (await client.executions(told, { status: 'success' })).length > ran);
	await n8n.kill();
	portal.faults.clear();
	await n8n.start();
	await queueIsEmpty();
	await until('it came again', async () => (await client.executions(told, { status: 'success' })).length > ran + 1);
	expect(services.messages.slice(before).map(({ text }) => text.split(' was')[0])).toEqual([`Lead #${ID}`]);
});
