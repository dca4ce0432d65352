import { setTimeout as sleep } from 'node:timers/promises';

import type { FaultOptions } from '../../simulator/index.mjs';
import { type Inbox, startInbox } from './support/inbox.mjs';
import { QueueTrigger } from './support/QueueTrigger.mjs';
import { slowdown } from './support/slowdown.mjs';
import { until } from './support/until.mjs';
import { openWorld, type World } from './support/world.mjs';

jest.setTimeout(900_000);

const LEADS = 1100;
const KILLS = 20;
const BATCH = 20;

let world: World;
let inbox: Inbox;
beforeEach(async () => {
	const leads = Array.from({ length: LEADS }, () => ({}));
	world = await openWorld({ portal: { rate: { perSecond: 2, burst: 50 }, leads } });
	inbox = await startInbox();
});
afterEach(async () => {
	expect(world.portal.deliveries).toEqual([]);
	expect(world.portal.rateLimited).toBe(0);
	await inbox?.stop();
	await world?.close();
});

/** How often each lead's deletion ran to success. */
async function successes(trigger: QueueTrigger): Promise<Map<number, number>> {
	const counts = new Map<number, number>();
	for (const { leadId } of await trigger.items()) counts.set(Number(leadId), (counts.get(Number(leadId)) ?? 0) + 1);
	return counts;
}

async function powerCut(): Promise<void> {
	await world.n8n.kill();
	await world.n8n.start();
}

const callsOf = (method: string) => world.portal.calls.filter((call) => call.method === method);

describe('killed', () => {
	test.each<{ moment: string; method?: string; fault?: FaultOptions['when']; twice: number[] }>([
		{ moment: 'after the portal has reserved events', method: 'event.offline.get', fault: 'after', twice: [1] },
		{ moment: 'while the workflow runs', twice: [1] },
		{ moment: 'before the confirmation arrives', method: 'event.offline.clear', fault: 'before', twice: [2] },
		{ moment: 'before the confirmation is answered', method: 'event.offline.clear', fault: 'after', twice: [1] },
	])('$moment, n8n loses nothing', async ({ method, fault, twice }) => {
		const runsLong = method === undefined;
		const trigger = await QueueTrigger.active(world, { then: runsLong ? [slowdown(10)] : [] });
		await until('the queue has been looked at', () => callsOf('event.offline.get').length > 0);
		world.portal.clearCalls();
		const ids = world.portal.leads
			.list()
			.slice(0, 5)
			.map(({ ID }) => Number(ID));
		if (method !== undefined) world.portal.faults.next(method, 'timeout', { when: fault });
		world.portal.leads.delete(ids);
		await until('that moment has come', async () => {
			if (method !== undefined) return callsOf(method).some(({ status }) => status === 0);
			return (await world.client.executions(trigger.id, { status: 'running' })).length > 0;
		});
		await powerCut();
		await trigger.drained(90_000);
		await until('the last run has ended', async () => (await trigger.executions('running')).length === 0);
		const counts = await successes(trigger);
		expect([...counts.keys()].sort((a, b) => a - b)).toEqual(ids);
		expect([...new Set(counts.values())]).toEqual(twice);
	});
});

test(`killed at ${KILLS} random moments while 1,000 deletions come in, n8n loses none of them`, async () => {
	const trigger = await QueueTrigger.active(world, { parameters: { batchSize: BATCH }, then: [slowdown(1)] });
	const ids = world.portal.leads
		.list()
		.slice(0, 1000)
		.map(({ ID }) => Number(ID));
	const waiting = [...ids];
	for (let kill = 0; kill < KILLS; kill++) {
		world.portal.leads.delete(waiting.splice(0, ids.length / KILLS));
		await sleep(500 + Math.random() * 4000);
		await powerCut();
	}
	await trigger.drained(240_000);
	await until('the last run has ended', async () => (await trigger.executions('running')).length === 0);
	const counts = await successes(trigger);
	expect([...counts.keys()].sort((a, b) => a - b)).toEqual(ids);
	expect(trigger.records()).toEqual([]);
	const cutOff = (await world.client.executions(trigger.id, { status: 'crashed' })).length;
	expect(cutOff).toBeGreaterThan(0);
	const repeated = [...counts.values()].filter((count) => count > 1).length;
	console.log(
		`${KILLS} kills cut ${cutOff} runs off; each of ${ids.length} deletions ran to success, ${repeated} of them twice`,
	);
});
