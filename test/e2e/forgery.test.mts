import type { Delivery, Forgery, Simulator } from '../../simulator/index.mjs';
import { clientFor } from '../simulator/client.mjs';
import { type Forger, lastSent, startForger } from './support/forger.mjs';
import { forgedTest, forgeries, type Known } from './support/forgeries.mjs';
import type { Answer } from './support/post.mjs';
import { Trigger } from './support/Trigger.mjs';
import { until } from './support/until.mjs';
import { openWorld, type World } from './support/world.mjs';

jest.setTimeout(120_000);

const DELETED = 'ONCRMLEADDELETE';
const RAGE = 4;

let world: World;
let portal: Simulator;
let forger: Forger;
beforeAll(async () => {
	world = await openWorld();
	({ portal } = world);
	forger = await startForger(world);
});
afterAll(async () => {
	await forger?.stop();
	await world?.close();
});
afterEach(() => portal.faults.clear());

/** Plays back what the portal has sent, with other keys of `auth` if need be. */
function replayed({ event, form }: Delivery, changes: Record<string, string> = {}): Omit<Forgery, 'url'> {
	const auth = typeof form.auth === 'object' ? form.auth : {};
	return { event, data: form.data, ts: String(form.ts), auth: { ...auth, ...changes } };
}

/** Sends every forgery again and again, several at a time, until it is stopped. */
function startStorm(trigger: Trigger, known: Known): { answers: Answer[]; stop(): Promise<void> } {
	const answers: Answer[] = [];
	let over = false;
	const rage = Array.from({ length: RAGE }, async () => {
		while (!over) {
			for (const forged of Object.values(forgeries(known))) answers.push(await trigger.receive(forged));
		}
	});
	return {
		answers,
		async stop() {
			over = true;
			await Promise.all(rage);
		},
	};
}

test('a storm of forgeries from before the activation until after the proof starts nothing', async () => {
	const trigger = await Trigger.add(world);
	const known = await forger.knows(trigger);
	// The proof arrives when we bring it.
	portal.faults.deliveries = 'lost';
	portal.clearCalls();

	const storm = startStorm(trigger, known);
	const round = RAGE * Object.keys(forgeries(known)).length;
	async function ragesOn(): Promise<void> {
		const sofar = storm.answers.length;
		await until('every forgery was sent again', () => storm.answers.length > sofar + round);
	}
	await ragesOn();
	await trigger.activate();
	await ragesOn();
	expect((await trigger.receive(replayed(lastSent(world, 'ONAPPTEST', trigger.url)))).status).toBe(200);
	await trigger.learned();
	await ragesOn();
	await storm.stop();

	expect([...new Set(storm.answers.map(({ status }) => status))].sort()).toEqual([403, 404]);
	expect(await trigger.started()).toBe(0);

	expect(forger.received).toEqual([]);
	expect(portal.calls).toContainEqual(expect.objectContaining({ method: 'app.info', error: 'NO_AUTH_FOUND' }));
	await trigger.deactivate();
});

describe('once the application token is learned', () => {
	let trigger: Trigger;
	let lesson: Delivery;
	beforeAll(async () => {
		trigger = await Trigger.active(world);
		lesson = lastSent(world, 'ONAPPTEST', trigger.url);
	});
	afterAll(async () => await trigger.deactivate());

	const token = 'f'.repeat(32);
	const lead = { FIELDS: { ID: 5 } };
	const withToken = () => portal.delivery(DELETED, lead, { by: 'robot', auth: { application_token: token } });

	test('no forgery is accepted', async () => {
		for (const [name, forged] of Object.entries(forgeries(await forger.knows(trigger)))) {
			expect({ [name]: (await trigger.receive(forged)).status }).toEqual({ [name]: 403 });
		}
		expect(await trigger.started()).toBe(0);
	});

	test('the delivery that taught it starts nothing when it is played back', async () => {
		expect((await trigger.receive(replayed(lesson))).status).toBe(200);
		expect(await trigger.started()).toBe(0);
	});

	test('the delivery that taught it teaches no other token', async () => {
		expect((await trigger.receive(replayed(lesson, { application_token: token }))).status).toBe(403);
		expect((await trigger.receive(withToken())).status).toBe(403);
		expect(await trigger.started()).toBe(0);
	});

	test('an old lesson teaches nothing while a new one is on its way', async () => {
		await trigger.deactivate();
		portal.faults.deliveries = 'lost';
		await trigger.activate();
		expect((await trigger.receive(replayed(lesson, { application_token: token }))).status).toBe(403);
		expect((await trigger.receive(withToken())).status).toBe(403);
		expect(await trigger.started()).toBe(0);
	});
});

test("another workflow's lesson teaches a trigger nothing", async () => {
	const learned = await Trigger.active(world);
	const lesson = lastSent(world, 'ONAPPTEST', learned.url);
	portal.faults.deliveries = 'lost';
	const waiting = await Trigger.add(world);
	await waiting.activate();
	const token = 'f'.repeat(32);
	const auth = { application_token: token };
	expect((await waiting.receive(replayed(lesson, { ...auth, access_token: '' }))).status).toBe(403);
	expect((await waiting.receive(portal.delivery(DELETED, {}, { by: 'robot', auth }))).status).toBe(403);
	expect(await waiting.started()).toBe(0);
	await waiting.deactivate();
	await learned.deactivate();
});

test('a trigger on ONAPPTEST itself is started by a test of the app, and by no lesson or forgery', async () => {
	const trigger = await Trigger.add(world, { parameters: { otherEvents: ['ONAPPTEST'] } });
	await trigger.activate();
	await until('the lesson is over', async () => {
		const robots = portal.delivery('ONAPPUPDATE', {}, { by: 'robot' });
		return (await trigger.receive(robots)).status === 200;
	});
	expect(trigger.bound()).toEqual(['ONAPPTEST', DELETED]);
	const known = await forger.knows(trigger);
	await trigger.receive(forgedTest(known, undefined));
	expect(await trigger.started()).toBe(0);

	await clientFor(portal)('event.test', { greeting: 'hello' });
	await portal.idle();
	expect(await trigger.started()).toBe(1);
	const items = await trigger.items(2);
	const test = { event: 'ONAPPTEST', isTest: true, data: { QUERY: { greeting: 'hello' }, LANGUAGE_ID: 'en' } };
	expect(items).toContainEqual(expect.objectContaining(test));
	await trigger.deactivate();
});
