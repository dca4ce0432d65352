import { join } from 'node:path';

import { addOtherCopies, loadersOf } from './support/compat/otherCopies.mjs';
import { installNeighbour, NEIGHBOUR } from './support/compat/neighbour.mjs';
import { activateOutgoing } from './support/outgoing.mjs';
import { QUEUE_TRIGGER, QueueTrigger } from './support/QueueTrigger.mjs';
import { Trigger, TRIGGER } from './support/Trigger.mjs';
import { openWorld, type World } from './support/world.mjs';

jest.setTimeout(240_000);

const modulesOf = (userFolder: string, ...inner: string[]) =>
	join(userFolder, '.n8n', 'nodes', 'node_modules', ...inner);
const ofNeighbour = (userFolder: string) => modulesOf(userFolder, NEIGHBOUR, 'node_modules');
const US = expect.stringContaining(modulesOf('', 'n8n-nodes-bitrix24'));
const THEM = expect.stringContaining(modulesOf('', NEIGHBOUR));

describe.each([
	{ place: 'alone', furnish: async () => undefined },
	{
		place: 'beside a package that brings another zod and another n8n-workflow',
		furnish: installNeighbour,
		copies: ofNeighbour,
		loaders: [THEM, THEM],
	},
	{
		place: 'beside another zod and another n8n-workflow that npm has put where ours looks first',
		furnish: async (userFolder: string) => await addOtherCopies(modulesOf(userFolder)),
		copies: modulesOf,
		loaders: [US, US],
	},
])('$place', ({ furnish, copies, loaders }) => {
	let world: World;
	beforeAll(async () => {
		world = await openWorld({ furnish });
	});
	afterAll(async () => await world?.close());

	const freshLead = () => Number(world.portal.leads.add().ID);

	test('n8n loads both triggers', async () => {
		const names = (await world.client.nodeTypes()).map(({ name }) => name);
		const ours = ['n8n-nodes-bitrix24.bitrix24QueueTrigger', 'n8n-nodes-bitrix24.bitrix24Trigger'];
		expect(names.filter((name) => name.startsWith('n8n-nodes-bitrix24.')).sort()).toEqual(ours);
	});

	test('the credential is connected', async () => {
		const { data } = await world.client.getCredential(world.credentials.bitrix24OAuth2Api.id);
		expect(data.oauthTokenData).toBe(true);
	});

	test('a trigger registers itself, receives a deleted lead, renews its access, and leaves nothing behind', async () => {
		const trigger = await Trigger.active(world, { parameters: { options: { includeUser: true } } });
		expect(trigger.bound()).toEqual(['ONCRMLEADDELETE']);
		const id = freshLead();
		world.portal.leads.delete(id);
		expect(await trigger.items(1)).toMatchObject([
			{ leadId: id, entity: 'lead', userId: 1, userName: expect.any(String) },
		]);
		// What the trigger imports is loaded by now.
		if (copies !== undefined) expect(await loadersOf(copies(world.userFolder))).toEqual(loaders);
		world.portal.expireAccessTokens();
		await trigger.deactivate();
		expect(trigger.bound()).toEqual([]);
	});

	test('a sample reaches whoever listens for a test event', async () => {
		const trigger = await Trigger.add(world);
		const listening = await world.client.listenForTestEvent(trigger.id, TRIGGER);
		expect((await listening.received()).itemsOf(TRIGGER)).toMatchObject([{ entity: 'lead', isTest: true }]);
	});

	test('an outgoing webhook starts a workflow', async () => {
		const { trigger } = await activateOutgoing(world);
		const id = freshLead();
		world.portal.leads.delete(id);
		expect(await trigger.items(1)).toMatchObject([{ leadId: id, applicationStatus: null }]);
		await trigger.deactivate();
	});

	test('the queue trigger hands out what waits, and shows it before', async () => {
		const trigger = await QueueTrigger.active(world);
		await trigger.deactivate();
		const ids = [freshLead(), freshLead()];
		world.portal.leads.delete(ids);
		const shown = await (await world.client.listenForTestEvent(trigger.id, QUEUE_TRIGGER)).received();
		expect(shown.itemsOf(QUEUE_TRIGGER)).toMatchObject(ids.map((leadId) => ({ leadId })));
		await trigger.activate();
		await trigger.drained();
		const run = (await trigger.executions()).at(-1);
		expect(run?.itemsOf(QUEUE_TRIGGER)).toMatchObject(ids.map((leadId) => ({ leadId, entity: 'lead' })));
		await trigger.deactivate();
	});

	test('a refused activation says what to do', async () => {
		world.portal.app.installed = false;
		const trigger = await Trigger.add(world);
		const outcome = await trigger.tryToActivate();
		world.portal.app.installed = true;
		expect(outcome).toMatchObject({ active: false, message: expect.stringContaining('tick "Uses API only"') });
	});
});
