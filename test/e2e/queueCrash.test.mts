import { setTimeout as sleep } from 'node:timers/promises';

import type { FaultOptions } from '../../simulator/index.mjs';
import { isLong } from './support/preparedInstall.mjs';
import { QueueTrigger } from './support/QueueTrigger.mjs';
import { slowdown } from './support/TriggerWorkflow.mjs';
import { until } from './support/until.mjs';
import { manyLeads, openWorld, type World } from './support/world.mjs';

jest.setTimeout(900_000);

const [KILLS, LEADS] = isLong() ? [20, 1000] : [5, 50];

let world: World;
beforeAll(async () => {
	world = await openWorld({ portal: { rate: { perSecond: 2, burst: 50 }, leads: manyLeads(LEADS + 5) } });
});
afterAll(async () => await world?.close());

async function powerCut(): Promise<void> {
	await world.n8n.kill();
	await world.n8n.start();
}

const running = async ({ id }: QueueTrigger) => (await world.client.executions(id, { status: 'running' })).length;

/** How often each lead's deletion ran to success, once nothing waits or runs any more. */
async function successes({ portal }: World, trigger: QueueTrigger): Promise<Map<number, number>> {
	await trigger.drained(240_000);
	await until('the last run has ended', async () => (await running(trigger)) === 0);
	const counts = new Map<number, number>();
	for (const { leadId } of await trigger.items()) counts.set(Number(leadId), (counts.get(Number(leadId)) ?? 0) + 1);
	expect([portal.deliveries.length, portal.rateLimited]).toEqual([0, 0]);
	return counts;
}

/** Deletes leads, and returns their ids. */
function deleteLeads({ portal: { leads } }: World, count: number): number[] {
	const ids = leads.list().map(({ ID }) => Number(ID));
	leads.delete(ids.slice(0, count));
	return ids.slice(0, count);
}

interface Moment {
	/** The call that is under way, and what the portal has made of it; none while the workflow runs. */
	call?: { method: string; when: FaultOptions['when'] };
	/** How often each event runs to success. */
	runs: number;
}

const moments: Moment[] = [
	{ call: { method: 'event.offline.get', when: 'after' }, runs: 1 },
	{ runs: 1 },
	{ call: { method: 'event.offline.clear', when: 'before' }, runs: 2 },
	{ call: { method: 'event.offline.clear', when: 'after' }, runs: 1 },
];

test('killed after a reservation, within a run, and before and after a confirmation arrives, n8n loses nothing', async () => {
	// A portal and a workflow for each of these moments, which all of them have reached when the power is cut.
	const reached = await Promise.all(
		moments.map(async ({ call, runs }) => {
			const own = await world.beside({ rate: { perSecond: 2, burst: 50 }, leads: manyLeads(5) });
			const calls = (method: string) => own.portal.calls.filter((one) => one.method === method);
			const trigger = await QueueTrigger.active(own, { then: call === undefined ? [slowdown(20)] : [] });
			await until('the queue has been looked at', () => calls('event.offline.get').length > 0);
			own.portal.clearCalls();
			if (call !== undefined) own.portal.faults.next(call.method, 'timeout', { when: call.when });
			const ids = deleteLeads(own, 5);
			await until('that moment has come', async () =>
				call === undefined ? (await running(trigger)) > 0 : calls(call.method).some(({ status }) => status === 0),
			);
			return { own, trigger, expected: new Map(ids.map((id) => [id, runs])) };
		}),
	);
	await powerCut();
	for (const { own, trigger, expected } of reached) {
		expect(await successes(own, trigger)).toEqual(expected);
		await trigger.deactivate();
	}
});

test(`killed ${KILLS} times while ${LEADS} deletions come in, n8n loses none of them`, async () => {
	const trigger = await QueueTrigger.active(world, { parameters: { batchSize: 20 }, then: [slowdown(3)] });
	const ids: number[] = [];
	for (let kill = 0; kill < KILLS; kill++) {
		ids.push(...deleteLeads(world, LEADS / KILLS));
		// Every other time in the middle of a run. (An n8n 2.41 that is killed while it activates a workflow needs more than
		// a minute to do so after its next start.)
		if (kill % 2 === 1) await until('a run is under way', async () => (await running(trigger)) > 0, 150_000);
		await sleep(kill % 2 === 1 ? Math.random() * 2000 : 1000 + Math.random() * 4000);
		await powerCut();
	}
	const counts = await successes(world, trigger);
	expect([...counts.keys()].sort((a, b) => a - b)).toEqual(ids);
	expect(trigger.records()).toEqual([]);
	const cutOff = (await world.client.executions(trigger.id, { status: 'crashed' })).length;
	expect(cutOff).toBeGreaterThan(0);
	const repeated = [...counts.values()].filter((count) => count > 1).length;
	console.log(
		`${KILLS} kills cut ${cutOff} runs off; each of ${ids.length} deletions ran to success, ${repeated} of them twice`,
	);
});
