import { clientFor } from '../simulator/client.mjs';
import { anotherProcess } from './support/anotherProcess.mjs';
import { eventually } from './support/eventually.mjs';
import { heldRun } from './support/heldRun.mjs';
import { leadsOf, type QueueWorld, useQueue } from './support/useQueue.mjs';

const openQueue = useQueue();

/** Starts the workflow and kills its n8n while an execution runs. */
async function killed(world: QueueWorld): Promise<number[]> {
	await world.collect();
	const ids = world.deleteLeads(3);
	const { emitted } = await world.start(heldRun().run);
	await eventually('the workflow was started', () => emitted.length === 1);
	return ids;
}

/** The same workflow in the n8n that is started next. */
async function nextN8n(world: QueueWorld): Promise<QueueWorld> {
	const { portal, node } = world;
	const nodeType = await anotherProcess();
	return await openQueue({ portal, nodeType, parameters: node.parameters });
}

describe('what a killed n8n had reserved', () => {
	test('is taken up by the next one, before anything new', async () => {
		const world = await openQueue();
		const ids = await killed(world);
		const later = world.deleteLeads(2);
		const { start, records } = await nextN8n(world);
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids, later]);
	});

	test('is taken up in the order in which it was queued, not in that in which it was reserved', async () => {
		const { portal, queueName, records, collect, start, deleteLeads } = await openQueue();
		await collect();
		const ids = deleteLeads(6);
		const reserveLast = { limit: 2, order: { ID: 'DESC' }, clear: 0, auth_connector: queueName };
		for (let death = 0; death < 3; death++) await clientFor(portal)('event.offline.get', reserveLast);
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
	});

	test('in a queue that the plan lets all share is taken up, whoever reserved it', async () => {
		const plan = { rest: true, offlineExtended: true, authConnector: false };
		const world = await openQueue({ portal: { plan } });
		const ids = await killed(world);
		const { start, records } = await nextN8n(world);
		const { emitted } = await start();
		await eventually('the queue is empty', () => records('').length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
	});
});

test('what a killed n8n had taken up again is taken up by one that takes up nothing else that was put aside', async () => {
	const world = await openQueue({ parameters: { options: { maxAttempts: 1 } } });
	const first = await world.start(() => 'error');
	const ids = world.deleteLeads(1);
	await eventually('it is put aside', () => world.records().some(({ ERROR }) => ERROR === '1'));
	await first.close();
	world.node.parameters.options = { retryErrors: true };
	const second = await world.start(heldRun().run);
	await eventually('it runs again', () => second.emitted.length === 1);
	world.node.parameters.options = {};
	const { start, records } = await nextN8n(world);
	const { emitted } = await start();
	await eventually('the queue is empty', () => records().length === 0);
	expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
});
