import { clientFor } from '../simulator/client.mjs';
import { Trigger } from './support/Trigger.mjs';
import { until } from './support/until.mjs';
import { connect, openWorld, type World } from './support/world.mjs';

jest.setTimeout(240_000);

const DELETED = 'ONCRMLEADDELETE';
const OLDER = 'ONLEADDELETE';

let world: World;
beforeAll(async () => {
	world = await openWorld();
});
afterAll(async () => await world?.close());

const callsOf = ({ portal }: World, ...methods: string[]) =>
	portal.calls.filter(({ method }) => methods.includes(method));
/** The methods that were asked for at the old address of a renamed portal, and sent on from there. */
const sentOn = ({ portal }: World) => portal.calls.filter(({ status }) => status === 302).map(({ method }) => method);

describe('a trigger', () => {
	test.concurrent.each([
		['the newer one', (known: string[]) => known, DELETED],
		['both', (known: string[]) => [OLDER, ...known], DELETED],
		['the older one', (known: string[]) => known.map((code) => code.replace(DELETED, OLDER)), OLDER],
	])('of both names of the lead event has one handler where the portal knows %s', async (_, events, bound) => {
		const own = await world.beside();
		own.portal.events = events(own.portal.events);
		const trigger = await Trigger.active(own, { parameters: { events: [DELETED], otherEvents: ['onLeadDelete'] } });
		expect(trigger.bound()).toEqual([bound]);
		own.portal.fire(bound, { FIELDS: { ID: 1000983 } });
		const item = { event: bound, entity: 'lead', action: 'delete', leadId: 1000983 };
		expect(await trigger.items(1)).toEqual([expect.objectContaining(item)]);
		await trigger.deactivate();
		expect(trigger.bound()).toEqual([]);
	});

	test.concurrent('has a handler of its own beside another workflow of the same app', async () => {
		const own = await world.beside();
		const [one, other] = [await Trigger.active(own), await Trigger.active(own)];
		expect([one.bound(), other.bound()]).toEqual([[DELETED], [DELETED]]);
		await one.deactivate();
		expect([one.bound(), other.bound()]).toEqual([[], [DELETED]]);
		await other.itemOfDeletedLead();
		await other.deactivate();
		expect(own.portal.handlers()).toEqual([]);
	});

	test.concurrent('asks for no application token where one is given', async () => {
		const own = await world.beside();
		const credentials = await connect(own, own.portal, { applicationToken: own.portal.app.applicationToken });
		const trigger = await Trigger.add(own, { credentials });
		await trigger.activate();
		await trigger.itemOfDeletedLead('robot');
		expect(callsOf(own, 'event.test')).toEqual([]);
		expect(callsOf(own, 'event.bind').map(({ params }) => params.event)).toEqual([DELETED]);
	});

	test.concurrent(
		'that has not learned the token leaves no handler either, and asks again when it is activated again',
		async () => {
			const own = await world.beside();
			own.portal.faults.deliveries = 'lost';
			const trigger = await Trigger.add(own);
			await trigger.activate();
			expect(trigger.bound()).toEqual(['ONAPPTEST', DELETED]);
			await own.portal.idle();
			own.portal.faults.clear();
			expect((await trigger.receiveFromRobot()).status).toBe(403);
			await trigger.deactivate();
			expect(trigger.bound()).toEqual([]);
			await trigger.activate();
			await trigger.learned();
			expect(trigger.bound()).toEqual([DELETED]);
			await trigger.itemOfDeletedLead('robot');
		},
	);

	test.concurrent('whose app was installed anew is bound, and learns, anew by the next activation', async () => {
		const own = await world.beside();
		const trigger = await Trigger.active(own);
		own.portal.reinstallApp();
		expect(trigger.bound()).toEqual([]);
		await trigger.deactivate();
		await trigger.activate();
		await trigger.learned();
		expect(trigger.bound()).toEqual([DELETED]);
		await trigger.itemOfDeletedLead('robot');
	});

	test.concurrent(
		'whose portal is renamed goes on, asks who did it, registers, takes leave and learns at the new address',
		async () => {
			const own = await world.beside();
			const { portal } = own;
			const options = { includeUser: true };
			const trigger = await Trigger.active(own, { parameters: { events: [DELETED], options } });
			await portal.renameTo();
			portal.clearCalls();
			const moved = {
				portalDomain: new URL(portal.portalUrl).host,
				portalMemberId: portal.memberId,
				portalEndpoint: `${portal.portalUrl}/rest/`,
			};
			expect(await trigger.itemOfDeletedLead(15)).toMatchObject({ ...moved, userId: 15, userName: 'Bob Baker' });
			expect(sentOn(own)).not.toEqual([]);

			await trigger.change({ parameters: { events: [DELETED, 'ONCRMDEALADD'], options } });
			portal.clearCalls();
			await trigger.activate();
			await trigger.learned();
			expect(trigger.bound()).toEqual(['ONCRMDEALADD', DELETED]);
			expect(await trigger.itemOfDeletedLead()).toMatchObject({ ...moved, userName: 'Alice Archer' });
			await trigger.deactivate();
			expect(portal.handlers()).toEqual([]);
			// The new address is found once, and remembered for all that has this credential.
			expect(sentOn(own)).toEqual([]);

			portal.reinstallApp();
			portal.clearCalls();
			await trigger.activate();
			await trigger.learned();
			expect(callsOf(own, 'event.test')).toContainEqual(expect.objectContaining({ status: 200 }));
			await trigger.itemOfDeletedLead();
		},
	);
});

test('a trigger has one handler for each event as long as it is active, through restarts and a power cut, and leaves all others alone', async () => {
	const { portal, n8n } = world;
	const trigger = await Trigger.add(world, { parameters: { events: [DELETED, 'ONCRMDEALADD'] } });
	const row = (event: string, handler: string) => ({ event, handler, auth_type: '0', offline: 0 });
	// What another app has bound, at the trigger's URL too, and what our own app has bound elsewhere.
	const elsewhere = `http://127.0.0.1:9/${trigger.id}`;
	portal.bindForOtherApp(DELETED, trigger.url);
	portal.bindForOtherApp('ONAPPTEST', elsewhere);
	await clientFor(portal)('event.bind', { event: DELETED, handler: elsewhere });
	const foreign = [row(DELETED, trigger.url), row('ONAPPTEST', elsewhere), row(DELETED, elsewhere)];
	function expectBound(...events: string[]): void {
		expect(portal.handlers()).toHaveLength(foreign.length + events.length);
		expect(portal.handlers()).toEqual(
			expect.arrayContaining([...foreign, ...events.map((event) => row(event, trigger.url))]),
		);
	}

	await trigger.activate();
	await trigger.learned();
	expectBound('ONCRMDEALADD', DELETED);
	await trigger.activate();
	await trigger.itemOfDeletedLead();
	expectBound('ONCRMDEALADD', DELETED);

	portal.clearCalls();
	await n8n.restart();
	await trigger.itemOfDeletedLead();
	await n8n.kill();
	await n8n.start();
	await trigger.itemOfDeletedLead();
	expectBound('ONCRMDEALADD', DELETED);
	expect(callsOf(world, 'event.bind', 'event.unbind', 'event.test')).toEqual([]);

	await trigger.change({ parameters: { events: [DELETED, 'ONCRMLEADADD'] } });
	await trigger.activate();
	await trigger.itemOfDeletedLead();
	await until('the learning handler is gone', () => !trigger.bound().includes('ONAPPTEST'));
	expectBound('ONCRMLEADADD', DELETED);
	await trigger.deactivate();
	expectBound();
});
