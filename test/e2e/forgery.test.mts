import { clientFor } from '../simulator/client.mjs';
import type { Simulator } from '../../simulator/index.mjs';
import { type Forger, lastSent, replayed, startForger } from './support/forgeries.mjs';
import { type Answer, post } from './support/post.mjs';
import { Trigger, TRIGGER } from './support/Trigger.mjs';
import { until } from './support/until.mjs';
import { connect, openWorld, type World } from './support/world.mjs';

jest.setTimeout(240_000);

const DELETED = 'ONCRMLEADDELETE';
const RAGE = 4;
const guessed = 'f'.repeat(32);

let base: World;
beforeAll(async () => {
	base = await openWorld();
});
afterAll(async () => await base?.close());

// A portal for each test: what deliveries that prove nothing may cost a portal is little.
let world: World;
let portal: Simulator;
let forger: Forger;
beforeEach(async () => {
	world = await base.beside();
	({ portal } = world);
	forger = await startForger(world);
});
afterEach(async () => await forger?.stop());

async function expectRefused(url: string): Promise<void> {
	for (const [name, forged] of Object.entries(forger.forgeries())) {
		expect({ [name]: (await post(portal, { url, ...forged })).status }).toEqual({ [name]: 403 });
	}
}

/** Expects a delivery that wants to teach a token to be refused, and the token to be no use afterwards. */
async function expectTaughtNothing(trigger: Trigger, lesson: Parameters<Trigger['receive']>[0]): Promise<void> {
	expect((await trigger.receive(lesson)).status).toBe(403);
	const taught = portal.delivery(DELETED, {}, { by: 'robot', auth: { application_token: guessed } });
	expect((await trigger.receive(taught)).status).toBe(403);
	expect(await trigger.started()).toBe(0);
}

test('a storm of forgeries from before the activation until after the proof starts nothing', async () => {
	const trigger = await Trigger.add(world);
	// The proof arrives when we bring it.
	portal.faults.deliveries = 'lost';
	portal.clearCalls();

	const answers: Answer[] = [];
	let over = false;
	const storm = Array.from({ length: RAGE }, async () => {
		while (!over) for (const forged of Object.values(forger.forgeries())) answers.push(await trigger.receive(forged));
	});
	async function ragesOn(): Promise<void> {
		const wanted = answers.length + RAGE * Object.keys(forger.forgeries()).length;
		await until('every forgery was sent again', () => answers.length > wanted);
	}
	await ragesOn();
	await trigger.activate();
	await ragesOn();
	expect((await trigger.receive(replayed(lastSent(world, 'ONAPPTEST', trigger.url)))).status).toBe(200);
	await trigger.learned();
	await ragesOn();
	over = true;
	await Promise.all(storm);

	expect([...new Set(answers.map(({ status }) => status))].sort()).toEqual([403, 404]);
	expect(await trigger.started()).toBe(0);
	expect(forger.received()).toEqual([]);
	expect(portal.calls).toContainEqual(expect.objectContaining({ method: 'app.info', error: 'NO_AUTH_FOUND' }));
	await trigger.deactivate();
});

test('once the token is learned, no forgery is accepted, and what taught it neither starts nor teaches anything', async () => {
	const trigger = await Trigger.active(world);
	const lesson = lastSent(world, 'ONAPPTEST', trigger.url);
	await expectRefused(trigger.url);
	expect((await trigger.receive(replayed(lesson))).status).toBe(200);
	await expectTaughtNothing(trigger, replayed(lesson, { application_token: guessed }));

	// Neither while a new lesson is on its way, nor where another workflow waits for one.
	portal.faults.deliveries = 'lost';
	const other = await Trigger.add(world);
	await other.activate();
	await expectTaughtNothing(other, replayed(lesson, { application_token: guessed, access_token: '' }));
	await other.deactivate();
	await trigger.deactivate();
	await trigger.activate();
	// With its access token it would be believed, as long as no token is known, and start nothing.
	await expectTaughtNothing(trigger, replayed(lesson, { application_token: guessed, access_token: '' }));
	await trigger.deactivate();
});

test('a trigger on ONAPPTEST itself is started by a test of the app, and by no lesson or forgery', async () => {
	const trigger = await Trigger.add(world, { parameters: { otherEvents: ['ONAPPTEST'] } });
	await trigger.activate();
	await until('the lesson is over', async () => (await trigger.receiveFromRobot()).status === 200);
	expect(trigger.bound()).toEqual(['ONAPPTEST', DELETED]);
	await expectRefused(trigger.url);
	expect(await trigger.started()).toBe(0);

	await clientFor(portal)('event.test', { greeting: 'hello' });
	await portal.idle();
	expect(await trigger.started()).toBe(1);
	const asked = { event: 'ONAPPTEST', isTest: true, data: { QUERY: { greeting: 'hello' }, LANGUAGE_ID: 'en' } };
	expect(await trigger.items(2)).toContainEqual(expect.objectContaining(asked));
	await trigger.deactivate();
});

describe('listening for a test event', () => {
	const parameters = { options: { testWith: 'realEvent' } };
	const freshLead = () => Number(portal.leads.add().ID);

	test('a sample of the first selected event arrives at once, and leaves nothing bound', async () => {
		const trigger = await Trigger.add(world, { parameters: { events: ['ONCRMDEALADD', DELETED] } });
		const execution = await trigger.listen();
		const sample = { event: 'ONCRMDEALADD', entity: 'deal', action: 'add', isTest: true };
		expect(execution.itemsOf(TRIGGER)).toEqual([expect.objectContaining(sample)]);
		expect([...trigger.bound(trigger.testUrl), ...trigger.bound()]).toEqual([]);
	});

	test('a real event is waited for: no forgery starts the test, the deletion of a lead does, and leaves nothing bound', async () => {
		const trigger = await Trigger.add(world, { parameters });
		const lead = freshLead();
		const execution = await trigger.listen(async () => {
			expect(trigger.bound(trigger.testUrl)).toEqual([DELETED]);
			await expectRefused(trigger.testUrl);
			portal.leads.delete(lead);
		});
		expect(execution).toMatchObject({ status: 'success', mode: 'manual' });
		const items = [expect.objectContaining({ event: DELETED, leadId: lead, isTest: false })];
		expect(execution.itemsOf(TRIGGER)).toEqual(items);
		expect(await world.client.executions(trigger.id)).toHaveLength(1);
		expect([...trigger.bound(trigger.testUrl), ...trigger.bound()]).toEqual([]);
	});

	// To whoever listens n8n hands none of what the workflow has stored, a learned token included.
	const robots = () => portal.delivery(DELETED, { FIELDS: { ID: '5' } }, { by: 'robot' });

	test("an active workflow goes on receiving, and what it has learned does not prove a robot's event to the test", async () => {
		const trigger = await Trigger.active(world, { parameters });
		const lead = freshLead();
		const execution = await trigger.listen(async () => {
			expect(trigger.bound()).toEqual([DELETED]);
			const answer = await post(portal, { ...robots(), url: trigger.testUrl });
			expect(answer).toMatchObject({ status: 403, body: { error: 'INVALID_APPLICATION_TOKEN' } });
			portal.leads.delete(lead);
		});
		const item = expect.objectContaining({ leadId: lead });
		expect(execution.itemsOf(TRIGGER)).toEqual([item]);
		const executions = await trigger.executions(2);
		expect(executions.map(({ mode }) => mode).sort()).toEqual(['manual', 'webhook']);
		expect(executions.flatMap((one) => one.itemsOf(TRIGGER))).toEqual([item, item]);
		expect([...trigger.bound(trigger.testUrl), ...trigger.bound()]).toEqual([DELETED]);
		await trigger.deactivate();
	});

	test("the credential's application token proves a robot's event to the test", async () => {
		const credentials = await connect(world, portal, { applicationToken: portal.app.applicationToken });
		const trigger = await Trigger.add(world, { parameters, credentials });
		const execution = await trigger.listen(async () => await post(portal, { ...robots(), url: trigger.testUrl }));
		expect(execution.itemsOf(TRIGGER)).toEqual([expect.objectContaining({ leadId: 5, userId: null })]);
	});
});
