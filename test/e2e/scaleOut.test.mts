import { z } from 'zod';

import type { N8nProcess } from '../../host/index.mjs';
import type { Delivery } from '../../simulator/index.mjs';
import { type Inbox, startInbox } from './support/inbox.mjs';
import { isLong } from './support/preparedInstall.mjs';
import { QueueTrigger } from './support/QueueTrigger.mjs';
import { openScaledWorld, type ScaledWorld } from './support/scaledWorld.mjs';
import { Trigger, TRIGGER } from './support/Trigger.mjs';
import { slowdown } from './support/TriggerWorkflow.mjs';
import { until } from './support/until.mjs';
import { manyLeads } from './support/world.mjs';

jest.setTimeout(900_000);

/** Deleting 1,000 leads at once is Bitrix24's own example of a burst. */
const BURST = isLong() ? 1000 : 50;
const BURST_MS = 500_000;
const STALLED_MS = 150_000;

let world: ScaledWorld;
let pushed: Inbox;
let queued: Inbox;
beforeAll(async () => {
	world = await openScaledWorld({ leads: manyLeads(2 * BURST + 200) });
	[pushed, queued] = [await startInbox(), await startInbox()];
});
afterAll(async () => {
	await pushed?.stop();
	await queued?.stop();
	await world?.close();
});

let push: Trigger;
let queue: QueueTrigger;
/** Opens both workflows, each of which takes some time before it reports. */
async function activate(seconds: number, parameters = {}): Promise<void> {
	push = await Trigger.active(world, { then: [slowdown(seconds), pushed.node] });
	queue = await QueueTrigger.active(world, { parameters, then: [slowdown(seconds), queued.node] });
	[pushed.received, queued.received, world.portal.deliveries.length] = [[], [], 0];
}
afterEach(async () => {
	world.line.mend();
	world.line.delay(0);
	await push?.deactivate();
	await queue?.deactivate();
});

const payload = z.object({ data: z.object({ FIELDS: z.object({ ID: z.coerce.number() }) }) });
const inOrder = (ids: number[]) => ids.sort((a, b) => a - b);
const leadOf = ({ form }: Delivery) => payload.parse(form).data.FIELDS.ID;

/** Deletes leads, all at once, and returns their ids. */
function deleteLeads(count: number): number[] {
	const ids = world.portal.leads.list().map(({ ID }) => Number(ID));
	world.portal.leads.delete(ids.slice(0, count));
	return ids.slice(0, count);
}

/** The leads that a workflow has reported, as often as it has. */
const reported = ({ received }: Inbox) => inOrder(received.map(({ leadId }) => Number(leadId)));
/** The leads whose deliveries n8n has accepted, or has not. */
const accepted = () => inOrder(world.portal.deliveries.filter(({ status }) => status === 200).map(leadOf));
const refused = () => inOrder(world.portal.deliveries.filter(({ status }) => status !== 200).map(leadOf));

/** Whether a worker has begun an execution, by what it logs. */
const hasBegun = (worker: N8nProcess, executionId: string) =>
	worker.log().includes(`Worker started execution ${executionId} `);

const twice = (ids: number[]) => ids.flatMap((id) => [id, id]);
/** Newest first. */
const statuses = async (workflowId: string) =>
	new Map((await world.client.executions(workflowId)).map(({ id, status }) => [id, status]));
/** How the second attempts at these runs of the push trigger have ended. */
const retried = async (ids: string[]) =>
	await until('every retry has ended', async () => {
		const again = (await world.client.executions(push.id)).filter(({ mode }) => mode === 'retry');
		const over = again.filter(({ status }) => ENDED.includes(status));
		return over.length === ids.length && over.map(({ status }) => status);
	});
const UNFINISHED = ['new', 'running'];
const ENDED = ['success', 'error', 'crashed', 'canceled', 'unknown', 'waiting'];
const isOver = (all: Map<string, string>) => ![...all.values()].some((status) => UNFINISHED.includes(status));

test('a sample reaches whoever listens for a test event', async () => {
	const trigger = await Trigger.add(world);
	const listening = await world.client.listenForTestEvent(trigger.id, TRIGGER);
	expect((await listening.received()).itemsOf(TRIGGER)).toMatchObject([{ entity: 'lead', isTest: true }]);
});

test(`${BURST} leads deleted at once: every delivery is accepted, and every lead runs once`, async () => {
	push = await Trigger.active(world, { then: [pushed.node] });
	world.portal.deliveries.length = 0;
	const ids = deleteLeads(BURST);
	await world.portal.idle();
	expect(world.portal.deliveries.filter(({ status }) => status !== 200)).toEqual([]);
	await until('every run has reported', () => pushed.received.length >= BURST, BURST_MS);
	const count = async (states: readonly string[]) => await world.client.countExecutions(push.id, states);
	await until('every run has ended', async () => (await count(UNFINISHED)) === 0);
	expect(reported(pushed)).toEqual(ids);
	expect([await count(['success']), await count(ENDED)]).toEqual([BURST, BURST]);
	for (const worker of world.workers) expect(worker.log()).toContain('Worker finished execution');
});

test(`${BURST} leads deleted at once: the queue hands out every lead once`, async () => {
	queue = await QueueTrigger.active(world, { then: [queued.node] });
	const ids = deleteLeads(BURST);
	await queue.drained(BURST_MS);
	expect(reported(queued)).toEqual(ids);
	expect(new Set((await statuses(queue.id)).values())).toEqual(new Set(['success']));
});

test('what ran on a worker that was killed comes again from the queue, and is lost to the push trigger', async () => {
	await activate(20, { options: { maxAttempts: 1 } });
	const ids = deleteLeads(12);
	const inQueue = await until('the queue trigger runs', async () => [...(await statuses(queue.id)).keys()][0]);
	const victim = await until('a worker runs something for both', async () => {
		const inPush = [...(await statuses(push.id)).keys()];
		return world.workers.find((worker) => hasBegun(worker, inQueue) && inPush.some((id) => hasBegun(worker, id)));
	});
	await victim.kill();
	await until('the push runs have ended', async () => isOver(await statuses(push.id)), STALLED_MS);
	await queue.drained(STALLED_MS);

	const ended = [...(await statuses(push.id))];
	const failed = ended.flatMap(([id, status]) => (status === 'error' ? [id] : []));
	const [survivor] = world.workers.filter((worker) => worker !== victim);
	expect(failed).toEqual(ended.map(([id]) => id).filter((id) => survivor && !hasBegun(survivor, id)));
	expect(reported(pushed)).toHaveLength(ids.length - failed.length);
	for (const id of failed) {
		expect((await world.client.execution(id)).error).toContain('failed to be processed too many times');
	}
	// n8n may miss the end of such a short run, and then never answer whoever asked for it: its list says how it ended.
	await Promise.race([Promise.all(failed.map(async (id) => await world.client.retryExecution(id))), retried(failed)]);
	expect(await retried(failed)).toEqual(failed.map(() => 'error'));
	expect(reported(pushed)).toHaveLength(ids.length - failed.length);

	expect(reported(queued)).toEqual(ids);
	expect([...(await statuses(queue.id))]).toEqual([
		[expect.any(String), 'success'],
		[inQueue, 'error'],
	]);
	await victim.start();
});

test('a worker that is stopped finishes what it runs, the look-up of a record included', async () => {
	push = await Trigger.active(world, { parameters: { events: ['ONCRMLEADUPDATE'], options: { includeRecord: true } } });
	const lead = Number(world.portal.leads.list().at(-1)?.ID);
	world.portal.faults.next('crm.item.list', { delayMs: 5_000 });
	world.portal.leads.update(lead, { TITLE: 'Looked up by a worker' });
	const worker = await until('a worker runs it', async () => {
		const [id = ''] = [...(await statuses(push.id)).keys()];
		return world.workers.find((one) => hasBegun(one, id));
	});
	await worker.stop();
	await worker.start();
	expect(await push.items(1)).toMatchObject([{ leadId: lead, record: { title: 'Looked up by a worker' } }]);
});

test('what arrives while no webhook processor runs is lost, what was accepted is not, and nothing has to be registered again', async () => {
	await activate(1);
	await queue.deactivate();
	deleteLeads(60);
	await until('a part is delivered', () => world.portal.deliveries.length > 10);
	await world.receiver.kill();
	await world.portal.idle();
	const lost = refused();
	expect(lost).not.toEqual([]);

	world.portal.clearCalls();
	await world.receiver.start();
	const later = deleteLeads(20);
	await world.portal.idle();
	expect(accepted()).toEqual(expect.arrayContaining(later));
	const ofAccepted = () => reported(pushed).filter((id) => !lost.includes(id));
	await until('all that was accepted has run', () => ofAccepted().length >= accepted().length);
	expect(ofAccepted()).toEqual(accepted());
	// A process of its own uses the connection once a day.
	expect(world.portal.calls.filter(({ method }) => method !== 'app.info')).toEqual([]);
});

test.each([
	{ how: 'kill' as const, cost: 'what the queue trigger was running runs twice' },
	{ how: 'stop' as const, cost: 'everything runs once' },
])('deliveries run while the main is away; after a $how $cost', async ({ how }) => {
	await activate(6);
	const ids = deleteLeads(10);
	await until('the queue trigger runs', async () => [...(await statuses(queue.id)).values()].includes('running'));
	await world.n8n[how]();
	const later = deleteLeads(10);
	await world.portal.idle();
	expect(accepted()).toEqual([...ids, ...later]);
	await until('every delivery has run', () => pushed.received.length >= ids.length + later.length);
	expect(reported(pushed)).toEqual([...ids, ...later]);

	await world.n8n.start();
	await queue.drained();
	expect(reported(queued)).toEqual([...(how === 'kill' ? twice(ids) : ids), ...later]);
	expect(push.bound()).toEqual(['ONCRMLEADDELETE']);
});

test('of runs that end sooner than the main listens for their ends, the queue trigger hears in another way', async () => {
	queue = await QueueTrigger.active(world, { parameters: { execution: 'perEvent' }, then: [queued.node] });
	queued.received = [];
	const before = world.n8n.log().length;
	world.line.delay(1000);
	const ids = deleteLeads(2);
	await queue.drained(STALLED_MS);
	expect(reported(queued)).toEqual(ids);
	const said = world.n8n.log().slice(before);
	expect(said.match(/n8n missed the end of a run that succeeded/g)).toHaveLength(ids.length);
});

describe('when the main cannot reach Redis while a run ends', () => {
	/** Loses the connection for as long as it takes that run to end. */
	async function loseAnEnd(): Promise<number[]> {
		queue = await QueueTrigger.active(world, { then: [queued.node, slowdown(10)] });
		queued.received = [];
		const ids = deleteLeads(3);
		await until('it runs', () => queued.received.length === ids.length);
		world.line.cut();
		// Meanwhile the main answers nobody.
		await until('it has ended', async () => (await world.running()) === 0);
		world.line.mend();
		expect(queue.records()).toHaveLength(ids.length);
		return ids;
	}

	test('its events come again when n8n is restarted', async () => {
		const ids = await loseAnEnd();
		await world.n8n.stop();
		await world.n8n.start();
		await queue.drained();
		expect(reported(queued)).toEqual(twice(ids));
	});

	test('the main finds that out by itself where n8n keeps what has ended', async () => {
		const keep = { N8N_EXECUTIONS_QUEUE_KEEP_LAST_COMPLETED: '1000', N8N_EXECUTIONS_QUEUE_KEEP_LAST_FAILED: '1000' };
		await world.n8n.stop();
		await world.n8n.start(keep);
		const ids = await loseAnEnd();
		await queue.drained();
		expect(reported(queued)).toEqual(ids);
	});
});

// Eleven minutes, nearly all of them waiting.
if (isLong()) {
	test('a run that n8n ends for its timeout comes again, though n8n tells nobody that it has ended', async () => {
		const settings = { executionTimeout: 5 };
		queue = await QueueTrigger.active(world, { settings, then: [queued.node, slowdown(30)] });
		queued.received = [];
		const ids = deleteLeads(1);
		await until('it runs again', () => queued.received.length > 1, 14 * 60_000);
		expect(reported(queued)).toEqual(twice(ids));
		expect(world.n8n.log()).toContain('n8n said nothing of the end of a run');
	});
}
