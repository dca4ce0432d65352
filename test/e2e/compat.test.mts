import { join } from 'node:path';

import { activateOutgoing } from './support/outgoing.mjs';
import { addOtherCopies, installNeighbour, loadersOf, NEIGHBOUR } from './support/otherCopies.mjs';
import { QUEUE_TRIGGER, QueueTrigger } from './support/QueueTrigger.mjs';
import { Trigger, TRIGGER } from './support/Trigger.mjs';
import { openWorld, type World } from './support/world.mjs';

jest.setTimeout(240_000);

const modulesOf = (userFolder: string, ...inner: string[]) =>
	join(userFolder, '.n8n', 'nodes', 'node_modules', ...inner);

/** Where n8n has other copies of what our package imports, and who is to load them first. */
interface Place {
	furnish?(userFolder: string): Promise<void>;
	copies?(userFolder: string): string;
	loader?: string;
}

const besideAnother: Place = {
	furnish: installNeighbour,
	copies: (userFolder) => modulesOf(userFolder, NEIGHBOUR, 'node_modules'),
	loader: modulesOf('', NEIGHBOUR),
};

const places: Record<string, Place> = {
	alone: {},
	"beside another author's package for Bitrix24 that brings another zod and another n8n-workflow": besideAnother,
	'beside another zod and another n8n-workflow that npm has put where ours looks first': {
		furnish: async (userFolder) => await addOtherCopies(modulesOf(userFolder)),
		copies: modulesOf,
		loader: modulesOf('', 'n8n-nodes-bitrix24-triggers'),
	},
};

const worlds = new Map<Place, World>();
beforeAll(async () => {
	for (const place of Object.values(places)) worlds.set(place, await openWorld({ furnish: place.furnish }));
});
afterAll(async () => {
	for (const world of worlds.values()) await world.close();
});

/** A portal of its own beside the n8n of a place. */
async function besideIn(place: Place): Promise<World> {
	const world = worlds.get(place);
	if (world === undefined) throw new Error('It was not opened');
	return await world.beside();
}

const inEach = test.concurrent.each(Object.entries(places));

inEach('%s, n8n loads both triggers', async (_, place) => {
	const names = (await (await besideIn(place)).client.nodeTypes()).map(({ name }) => name);
	const ours = ['n8n-nodes-bitrix24-triggers.bitrix24QueueTrigger', 'n8n-nodes-bitrix24-triggers.bitrix24Trigger'];
	expect(names.filter((name) => name.startsWith('n8n-nodes-bitrix24-triggers.')).sort()).toEqual(ours);
});

inEach('%s, the credential is connected', async (_, place) => {
	const { client, credentials } = await besideIn(place);
	expect((await client.getCredential(credentials.bitrix24OAuth2Api.id)).data.oauthTokenData).toBe(true);
});

inEach('%s, a trigger registers itself, receives, renews its access, and leaves nothing behind', async (_, place) => {
	const own = await besideIn(place);
	const trigger = await Trigger.active(own, { parameters: { options: { includeUser: true } } });
	expect(trigger.bound()).toEqual(['ONCRMLEADDELETE']);
	expect(await trigger.itemOfDeletedLead()).toMatchObject({ entity: 'lead', userId: 1, userName: 'Alice Archer' });
	// What the trigger imports is loaded by now.
	const loaders = place.copies === undefined ? [] : await loadersOf(place.copies(own.userFolder));
	expect(loaders).toEqual(loaders.map(() => expect.stringContaining(place.loader ?? '')));
	own.portal.expireAccessTokens();
	await trigger.deactivate();
	expect(trigger.bound()).toEqual([]);
});

inEach('%s, a sample reaches whoever listens for a test event', async (_, place) => {
	const trigger = await Trigger.add(await besideIn(place));
	expect((await trigger.listen()).itemsOf(TRIGGER)).toMatchObject([{ entity: 'lead', isTest: true }]);
});

inEach('%s, an outgoing webhook starts a workflow', async (_, place) => {
	const { trigger } = await activateOutgoing(await besideIn(place));
	expect(await trigger.itemOfDeletedLead()).toMatchObject({ applicationStatus: null });
});

inEach('%s, the queue trigger hands out what waits, and shows it before', async (_, place) => {
	const own = await besideIn(place);
	const trigger = await QueueTrigger.active(own);
	await trigger.deactivate();
	own.portal.leads.delete([1, 2]);
	const waiting = [1, 2].map((leadId) => ({ leadId, entity: 'lead' }));
	const shown = await (await own.client.listenForTestEvent(trigger.id, QUEUE_TRIGGER)).received();
	expect(shown.itemsOf(QUEUE_TRIGGER)).toMatchObject(waiting);
	await trigger.activate();
	await trigger.drained();
	expect((await trigger.executions()).at(-1)?.itemsOf(QUEUE_TRIGGER)).toMatchObject(waiting);
});

test.concurrent("another author's package for Bitrix24 goes on with what our trigger hands it", async () => {
	const theirs = { name: 'Bitrix24', type: `${NEIGHBOUR}.bitrix24` };
	const trigger = await Trigger.active(await besideIn(besideAnother), { then: [theirs] });
	const { leadId } = await trigger.itemOfDeletedLead();
	const [execution] = await trigger.executions(1);
	expect(execution?.itemsOf(theirs.name)).toMatchObject([{ leadId, writtenBy: 'the neighbour' }]);
});

inEach('%s, a refused activation says what to do', async (_, place) => {
	const own = await besideIn(place);
	own.portal.app.installed = false;
	const outcome = await (await Trigger.add(own)).tryToActivate();
	expect(outcome).toMatchObject({ active: false, message: expect.stringContaining('tick "Uses API only"') });
});
