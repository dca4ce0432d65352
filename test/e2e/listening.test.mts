import type { Simulator } from '../../simulator/index.mjs';
import { type Forger, startForger } from './support/forger.mjs';
import { forgeries } from './support/forgeries.mjs';
import { post } from './support/post.mjs';
import { Trigger, TRIGGER } from './support/Trigger.mjs';
import { connect, openWorld, type World } from './support/world.mjs';

jest.setTimeout(240_000);

const DELETED = 'ONCRMLEADDELETE';
const parameters = { options: { testWith: 'realEvent' } };

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

const freshLead = () => Number(portal.leads.add().ID);

test('a sample of the first selected event arrives at once, and leaves nothing bound', async () => {
	const trigger = await Trigger.add(world, { parameters: { events: ['ONCRMDEALADD', DELETED] } });
	const execution = await trigger.listen();
	expect(execution.itemsOf(TRIGGER)).toEqual([
		expect.objectContaining({ event: 'ONCRMDEALADD', entity: 'deal', action: 'add', isTest: true }),
	]);
	expect(trigger.bound(trigger.testUrl)).toEqual([]);
	expect(trigger.bound()).toEqual([]);
});

test('a real event is waited for: no forgery starts the test, the deletion of a lead does, and leaves nothing bound', async () => {
	const trigger = await Trigger.add(world, { parameters });
	const lead = freshLead();
	const execution = await trigger.listen(async () => {
		expect(trigger.bound(trigger.testUrl)).toEqual([DELETED]);
		for (const [name, forged] of Object.entries(forgeries(await forger.knows(trigger)))) {
			const { status } = await post(portal, { url: trigger.testUrl, ...forged });
			expect({ [name]: status }).toEqual({ [name]: 403 });
		}
		portal.leads.delete(lead);
	});
	expect(execution).toMatchObject({ status: 'success', mode: 'manual' });
	expect(execution.itemsOf(TRIGGER)).toEqual([
		expect.objectContaining({ event: DELETED, leadId: lead, isTest: false }),
	]);
	expect(await world.client.executions(trigger.id)).toHaveLength(1);
	expect(trigger.bound(trigger.testUrl)).toEqual([]);
	expect(trigger.bound()).toEqual([]);
});

test('an active workflow goes on receiving while somebody listens', async () => {
	const trigger = await Trigger.active(world, { parameters });
	const lead = freshLead();
	const execution = await trigger.listen(() => {
		expect(trigger.bound()).toEqual([DELETED]);
		portal.leads.delete(lead);
	});
	expect(execution.itemsOf(TRIGGER)).toEqual([expect.objectContaining({ leadId: lead })]);
	const executions = await trigger.executions(2);
	expect(executions.map(({ mode }) => mode).sort()).toEqual(['manual', 'webhook']);
	expect(executions.flatMap((one) => one.itemsOf(TRIGGER))).toEqual(
		[1, 2].map(() => expect.objectContaining({ leadId: lead })),
	);
	expect(trigger.bound(trigger.testUrl)).toEqual([]);
	expect(trigger.bound()).toEqual([DELETED]);
	await trigger.deactivate();
});

// To whoever listens n8n hands none of what the workflow has stored, a learned token included.
test("a robot's event is believed while somebody listens if the credential holds the application token, and only then", async () => {
	const robots = () => portal.delivery(DELETED, { FIELDS: { ID: '5' } }, { by: 'robot' });
	const learned = await Trigger.active(world, { parameters });
	const lead = freshLead();
	const execution = await learned.listen(async () => {
		const answer = await post(portal, { ...robots(), url: learned.testUrl });
		expect(answer).toMatchObject({ status: 403, body: { error: 'INVALID_APPLICATION_TOKEN' } });
		portal.leads.delete(lead);
	});
	expect(execution.itemsOf(TRIGGER)).toEqual([expect.objectContaining({ leadId: lead })]);
	await learned.deactivate();

	const credentials = await connect(world, portal, { applicationToken: portal.app.applicationToken });
	const given = await Trigger.add(world, { parameters, credentials });
	const believed = await given.listen(async () => await post(portal, { ...robots(), url: given.testUrl }));
	expect(believed.itemsOf(TRIGGER)).toEqual([expect.objectContaining({ leadId: 5, userId: null })]);
});
