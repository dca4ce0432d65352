import { activateOutgoing } from './support/outgoing.mjs';
import { Trigger } from './support/Trigger.mjs';
import { openWorld, type World } from './support/world.mjs';

jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
	world = await openWorld();
});
afterAll(async () => await world?.close());
afterEach(() => world.portal.faults.clear());

/** The delivery that the portal's log ends with, as it went out. */
function lastDelivery() {
	const sent = world.portal.deliveries.at(-1);
	if (sent === undefined || typeof sent.form.auth !== 'object') throw new Error('The portal has delivered nothing');
	return { ...sent, auth: sent.form.auth, ts: Number(sent.form.ts) };
}

/** Activates a trigger, deletes a lead, and waits for the item. */
async function itemOfDeletedLead(
	parameters: Record<string, unknown> = {},
	{ by }: { by?: number | 'robot' } = {},
): Promise<{ id: number; item: Record<string, unknown> | undefined }> {
	const trigger = await Trigger.active(world, { parameters });
	const id = Number(world.portal.leads.add().ID);
	world.portal.leads.delete(id, { by });
	const [item] = await trigger.items(1);
	await trigger.deactivate();
	return { id, item };
}

describe('a deleted lead', () => {
	const columns = [
		...['event', 'entity', 'action', 'id', 'leadId', 'sentAt', 'portalDomain', 'portalMemberId', 'portalEndpoint'],
		...['applicationStatus', 'userId', 'isTest'],
	];

	test('arrives as one flat item', async () => {
		const { portal } = world;
		const { id, item } = await itemOfDeletedLead();
		expect(item).toStrictEqual({
			event: 'ONCRMLEADDELETE',
			entity: 'lead',
			action: 'delete',
			id,
			leadId: id,
			sentAt: new Date(lastDelivery().ts * 1000).toISOString(),
			portalDomain: portal.domain,
			portalMemberId: portal.memberId,
			portalEndpoint: `${portal.portalUrl}/rest/`,
			applicationStatus: 'local',
			userId: 1,
			isTest: false,
		});
		expect(Object.keys(item ?? {})).toEqual(columns);
	});

	test('of a robot names nobody, in the same columns', async () => {
		const { item } = await itemOfDeletedLead({}, { by: 'robot' });
		expect(item).toMatchObject({ userId: null });
		expect(Object.keys(item ?? {})).toEqual(columns);
	});

	test('arrives as Bitrix24 names it, without the tokens, where it is not simplified', async () => {
		const { item } = await itemOfDeletedLead({ simplify: false });
		const { form, auth } = lastDelivery();
		expect(auth).toMatchObject({ access_token: expect.any(String), application_token: expect.any(String) });
		const shown = Object.fromEntries(Object.entries(auth).filter(([key]) => !key.endsWith('_token')));
		expect(item).toStrictEqual({ ...form, auth: shown, isTest: false });
	});

	test('starts the workflow once, also when fifty are deleted at once', async () => {
		const trigger = await Trigger.active(world);
		const leads = Array.from({ length: 50 }, () => Number(world.portal.leads.add().ID));
		world.portal.leads.delete(leads);
		const items = await trigger.items(leads.length);
		await world.portal.idle();
		expect(await trigger.started()).toBe(leads.length);
		expect(items.map(({ leadId }) => Number(leadId)).sort((a, b) => a - b)).toEqual(leads);
		await trigger.deactivate();
	});
});

describe('the user', () => {
	const parameters = { options: { includeUser: true } };

	test('is looked up with the event', async () => {
		const { item } = await itemOfDeletedLead(parameters, { by: 15 });
		expect(item).toMatchObject({ userId: 15, userName: 'Bob Baker', userIsAdmin: false });
	});

	test('is unknown for a robot', async () => {
		const { item } = await itemOfDeletedLead(parameters, { by: 'robot' });
		expect(item).toMatchObject({ userId: null, userName: null, userIsAdmin: null });
	});

	test.each([
		['is refused', { status: 500, error: 'INTERNAL_SERVER_ERROR' }],
		['is cut off', 'reset' as const],
		['takes longer than three seconds', { delayMs: 6_000 }],
	])('is left out when the look-up %s', async (_, fault) => {
		const trigger = await Trigger.active(world, { parameters });
		world.portal.clearCalls();
		world.portal.faults.next('profile', fault);
		world.portal.leads.delete(world.portal.leads.add().ID);
		expect(await trigger.items(1)).toEqual([
			expect.objectContaining({ event: 'ONCRMLEADDELETE', userId: 1, userName: null, userIsAdmin: null }),
		]);
		expect(world.portal.faults.take('profile')).toBeUndefined();
		await trigger.deactivate();
	});
});

describe('other events', () => {
	test('carry more than an id in `data`', async () => {
		const parameters = { events: [], otherEvents: ['ONCRMDYNAMICITEMDELETE_1220'] };
		const trigger = await Trigger.active(world, { parameters });
		world.portal.fire('ONCRMDYNAMICITEMDELETE_1220', { FIELDS: { ID: 7, ENTITY_TYPE_ID: 1220 } });
		const [item] = await trigger.items(1);
		expect(item).toMatchObject({ event: 'ONCRMDYNAMICITEMDELETE_1220', action: 'delete', id: 7 });
		expect(item).toMatchObject({ data: { FIELDS: { ID: '7', ENTITY_TYPE_ID: '1220' } } });
		expect(item).not.toHaveProperty('leadId');
		await trigger.deactivate();
	});

	test('are selected by an expression, in any case, and keep an id that is no number', async () => {
		const parameters = { events: '={{ ["onCrmCurrencyDelete", "oncrmdealadd"] }}' };
		const trigger = await Trigger.active(world, { parameters });
		expect(trigger.bound()).toEqual(['ONCRMCURRENCYDELETE', 'ONCRMDEALADD']);
		world.portal.fire('ONCRMCURRENCYDELETE', { FIELDS: { ID: 'CHE' } });
		expect(await trigger.items(1)).toEqual([
			expect.objectContaining({ event: 'ONCRMCURRENCYDELETE', entity: 'currency', action: 'delete', id: 'CHE' }),
		]);
		await trigger.deactivate();
	});
});

test('a portal that knows the lead event by its older name has it bound, and passed on, by that name', async () => {
	const { portal } = world;
	const known = portal.events;
	portal.events = known.map((code) => (code === 'ONCRMLEADDELETE' ? 'ONLEADDELETE' : code));
	try {
		const trigger = await Trigger.active(world);
		expect(trigger.bound()).toEqual(['ONLEADDELETE']);
		portal.fire('ONLEADDELETE', { FIELDS: { ID: 1000983 } });
		expect(await trigger.items(1)).toEqual([
			expect.objectContaining({ event: 'ONLEADDELETE', entity: 'lead', action: 'delete', leadId: 1000983 }),
		]);
		await trigger.deactivate();
	} finally {
		portal.events = known;
	}
});

test('an outgoing webhook delivers the same item, without app and user', async () => {
	const { trigger } = await activateOutgoing(world);
	const lead = world.portal.leads.add();
	world.portal.leads.delete(lead.ID);
	expect(await trigger.items(1)).toEqual([
		{
			event: 'ONCRMLEADDELETE',
			entity: 'lead',
			action: 'delete',
			id: Number(lead.ID),
			leadId: Number(lead.ID),
			sentAt: new Date(lastDelivery().ts * 1000).toISOString(),
			portalDomain: world.portal.domain,
			portalMemberId: world.portal.memberId,
			portalEndpoint: `${world.portal.portalUrl}/rest/`,
			applicationStatus: null,
			userId: null,
			isTest: false,
		},
	]);
	await trigger.deactivate();
});
