import type { Simulator } from '../../simulator/index.mjs';
import { Trigger } from './support/Trigger.mjs';
import { openWorld, type World } from './support/world.mjs';

jest.setTimeout(120_000);

const DELETED = 'ONCRMLEADDELETE';
const parameters = { events: [DELETED], options: { includeUser: true } };

let world: World;
let portal: Simulator;
let trigger: Trigger;
beforeAll(async () => {
	world = await openWorld();
	({ portal } = world);
	trigger = await Trigger.active(world, { parameters });
	await portal.renameTo();
	portal.clearCalls();
});
afterAll(async () => await world?.close());

/** Deletes a lead, and returns the item that came of it. */
async function itemOf(by: number): Promise<Record<string, unknown> | undefined> {
	const lead = Number(portal.leads.add().ID);
	const before = (await world.client.executions(trigger.id)).length;
	portal.leads.delete(lead, { by });
	return (await trigger.items(before + 1)).find(({ leadId }) => leadId === lead);
}

/** The methods that were asked for at the old address, and sent on from there. */
const sentOn = () => portal.calls.filter(({ status }) => status === 302).map(({ method }) => method);

test('a renamed portal goes on starting the workflow, and says who did it', async () => {
	expect(await itemOf(15)).toMatchObject({
		event: DELETED,
		portalDomain: new URL(portal.portalUrl).host,
		portalMemberId: portal.memberId,
		portalEndpoint: `${portal.portalUrl}/rest/`,
		userId: 15,
		userName: 'Bob Baker',
		userIsAdmin: false,
	});
	expect(sentOn()).toEqual(['profile']);
});

test('a renamed portal is registered with anew, and taken leave of, at its new address', async () => {
	await trigger.change({ parameters: { ...parameters, events: [DELETED, 'ONCRMDEALADD'] } });
	portal.clearCalls();
	await trigger.activate();
	await trigger.learned();
	expect(sentOn()).not.toEqual([]);
	expect(trigger.bound()).toEqual(['ONCRMDEALADD', DELETED]);
	expect(await itemOf(1)).toMatchObject({ portalDomain: new URL(portal.portalUrl).host, userName: 'Alice Archer' });

	portal.clearCalls();
	await trigger.deactivate();
	expect(sentOn()).not.toEqual([]);
	expect(portal.handlers()).toEqual([]);
});

test('a renamed portal teaches its application token', async () => {
	portal.reinstallApp();
	portal.clearCalls();
	await trigger.activate();
	await trigger.learned();
	expect(portal.calls).toContainEqual(expect.objectContaining({ method: 'event.test', status: 200 }));
	expect(await itemOf(1)).toMatchObject({ event: DELETED });
	await trigger.deactivate();
});
