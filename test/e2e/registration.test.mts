import type { Simulator } from '../../simulator/index.mjs';
import { clientFor } from '../simulator/client.mjs';
import { Trigger } from './support/Trigger.mjs';
import { until } from './support/until.mjs';
import { connect, openWorld, type World } from './support/world.mjs';

jest.setTimeout(240_000);

const DELETED = 'ONCRMLEADDELETE';

let world: World;
let portal: Simulator;
beforeAll(async () => {
	world = await openWorld();
	({ portal } = world);
});
afterAll(async () => await world?.close());
afterEach(() => portal.faults.clear());

const callsOf = (...methods: string[]) => portal.calls.filter(({ method }) => methods.includes(method));

/** Deletes a lead and waits until it has started the workflow. */
async function expectDelivered(trigger: Trigger, by: number | 'robot' = 1): Promise<void> {
	const { ID } = portal.leads.add();
	portal.leads.delete(ID, { by });
	await until('the deleted lead has arrived', async () =>
		(await trigger.items(1)).some(({ leadId }) => leadId === Number(ID)),
	);
}

/** What another app has bound, at the trigger's URL too, and what our own app has bound elsewhere. */
async function bindForeign(trigger: Trigger): Promise<unknown[]> {
	const elsewhere = `http://127.0.0.1:9/${trigger.id}`;
	portal.bindForOtherApp(DELETED, trigger.url);
	portal.bindForOtherApp('ONAPPTEST', elsewhere);
	await clientFor(portal)('event.bind', { event: DELETED, handler: elsewhere });
	return [
		{ event: DELETED, handler: trigger.url, auth_type: '0', offline: 0 },
		{ event: 'ONAPPTEST', handler: elsewhere, auth_type: '0', offline: 0 },
		{ event: DELETED, handler: elsewhere, auth_type: '0', offline: 0 },
	];
}

test('a trigger has one handler for each event while it is active, and leaves all others alone', async () => {
	const trigger = await Trigger.add(world, { parameters: { events: [DELETED, 'ONCRMDEALADD'] } });
	const foreign = await bindForeign(trigger);
	async function expectBound(...events: string[]): Promise<void> {
		const ours = events.map((event) => ({ event, handler: trigger.url, auth_type: '0', offline: 0 }));
		expect(portal.handlers()).toHaveLength(foreign.length + ours.length);
		expect(portal.handlers()).toEqual(expect.arrayContaining(foreign));
		const { result } = await clientFor(portal)('event.get');
		expect(result).toHaveLength(1 + ours.length);
		expect(result).toEqual(expect.arrayContaining(ours));
	}

	await trigger.activate();
	await trigger.learned();
	await expectBound('ONCRMDEALADD', DELETED);

	await trigger.activate();
	await expectDelivered(trigger);
	await expectBound('ONCRMDEALADD', DELETED);

	portal.clearCalls();
	await world.n8n.restart();
	await expectDelivered(trigger);
	await expectBound('ONCRMDEALADD', DELETED);
	expect(callsOf('event.bind', 'event.unbind', 'event.test')).toEqual([]);

	await world.n8n.kill();
	await world.n8n.start();
	await expectDelivered(trigger);
	await expectBound('ONCRMDEALADD', DELETED);

	await trigger.change({ parameters: { events: [DELETED, 'ONCRMLEADADD'] } });
	await trigger.activate();
	await expectDelivered(trigger);
	await until('the learning handler is gone', () => !trigger.bound().includes('ONAPPTEST'));
	await expectBound('ONCRMLEADADD', DELETED);

	await trigger.deactivate();
	await expectBound();
});

describe('the two names of the lead event', () => {
	const known = () => portal.events;
	test.each([
		['where the portal lists the newer one', () => known(), DELETED],
		['where it lists both', () => ['ONLEADDELETE', ...known()], DELETED],
		[
			'where it lists the older one',
			() => known().map((code) => code.replace(DELETED, 'ONLEADDELETE')),
			'ONLEADDELETE',
		],
	])('are one handler %s', async (_, events, bound) => {
		const before = known();
		portal.events = events();
		try {
			const trigger = await Trigger.active(world, { parameters: { events: [DELETED], otherEvents: ['onLeadDelete'] } });
			expect(trigger.bound()).toEqual([bound]);
			await trigger.deactivate();
			expect(trigger.bound()).toEqual([]);
		} finally {
			portal.events = before;
		}
	});
});

test('two workflows of one app have a handler each', async () => {
	const [one, other] = [await Trigger.active(world), await Trigger.active(world)];
	expect([one.bound(), other.bound()]).toEqual([[DELETED], [DELETED]]);
	await one.deactivate();
	expect([one.bound(), other.bound()]).toEqual([[], [DELETED]]);
	await expectDelivered(other);
	await other.deactivate();
	expect([...one.bound(), ...other.bound()]).toEqual([]);
});

test('an application token that is given is not asked for', async () => {
	portal.clearCalls();
	const credentials = await connect(world, portal, { applicationToken: portal.app.applicationToken });
	const trigger = await Trigger.add(world, { credentials });
	await trigger.activate();
	await expectDelivered(trigger, 'robot');
	expect(callsOf('event.test')).toEqual([]);
	expect(callsOf('event.bind').map(({ params }) => params.event)).toEqual([DELETED]);
	await trigger.deactivate();
});

describe('while the application token is not known', () => {
	test('a deactivated trigger leaves its learning handler neither', async () => {
		portal.faults.deliveries = 'lost';
		const trigger = await Trigger.add(world);
		await trigger.activate();
		expect(trigger.bound()).toEqual(['ONAPPTEST', DELETED]);
		await trigger.deactivate();
		expect(trigger.bound()).toEqual([]);
	});

	test('the next activation asks again', async () => {
		portal.faults.deliveries = 'lost';
		const trigger = await Trigger.add(world);
		await trigger.activate();
		await portal.idle();
		portal.faults.clear();
		expect((await trigger.receive(portal.delivery(DELETED, {}, { by: 'robot' }))).status).toBe(403);

		await trigger.deactivate();
		await trigger.activate();
		await trigger.learned();
		expect(trigger.bound()).toEqual([DELETED]);
		await expectDelivered(trigger, 'robot');
		await trigger.deactivate();
	});
});

test('an app that was installed anew is bound and learned anew by the next activation', async () => {
	const trigger = await Trigger.active(world);
	portal.reinstallApp();
	expect(trigger.bound()).toEqual([]);
	await trigger.deactivate();
	await trigger.activate();
	await trigger.learned();
	expect(trigger.bound()).toEqual([DELETED]);
	await expectDelivered(trigger, 'robot');
	await trigger.deactivate();
});
