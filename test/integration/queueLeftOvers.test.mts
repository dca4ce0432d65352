import { clientFor } from '../simulator/client.mjs';
import { anotherProcess } from './support/anotherProcess.mjs';
import { eventually, seconds } from './support/eventually.mjs';
import { heldRun } from './support/heldRun.mjs';
import { leadsOf, type QueueWorld, useQueue } from './support/useQueue.mjs';

const openQueue = useQueue();

/** Starts the workflow and kills its n8n while an execution runs. */
async function killed(world: QueueWorld, count = 3): Promise<number[]> {
	await world.collect();
	const ids = world.deleteLeads(count);
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

	test('is taken up in batches, however much it is', async () => {
		const world = await openQueue({ parameters: { batchSize: 150 } });
		const ids = await killed(world, 150);
		world.node.parameters.batchSize = 40;
		const { start, records } = await nextN8n(world);
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => items.length)).toEqual([40, 40, 40, 30]);
		expect(emitted.flatMap(({ items }) => leadsOf(items))).toEqual(ids);
	});

	test('is found where the portal knows no negation in a filter, too', async () => {
		const world = await openQueue();
		const ids = await killed(world);
		world.portal.refuseNegatedFilters = true;
		const { start, records } = await nextN8n(world);
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
	});

	test('is confirmed without a run where the user no longer selects its event', async () => {
		const world = await openQueue();
		await killed(world);
		world.node.parameters.events = ['ONCRMDEALADD'];
		const { start, records } = await nextN8n(world);
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted).toEqual([]);
	});

	test('of another workflow on the same app is left alone', async () => {
		const world = await openQueue();
		await killed(world);
		const other = await openQueue({ portal: world.portal, parameters: { options: { queueName: 'another' } } });
		const { emitted } = await other.start();
		await seconds(15);
		expect(emitted).toEqual([]);
		expect(world.records()).toHaveLength(3);
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

describe('what a killed n8n had taken up again after it was put aside', () => {
	async function killedAtRetry() {
		const world = await openQueue({ parameters: { options: { maxAttempts: 1 } } });
		const first = await world.start(() => 'error');
		const ids = world.deleteLeads(1);
		await eventually('it is put aside', () => world.records().some(({ ERROR }) => ERROR === '1'));
		await first.close();
		world.node.parameters.options = { retryErrors: true };
		const { emitted } = await world.start(heldRun().run);
		await eventually('it runs again', () => emitted.length === 1);
		return { world, ids };
	}

	test('is taken up by the next one', async () => {
		const { world, ids } = await killedAtRetry();
		const { start, records } = await nextN8n(world);
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
	});

	test('is taken up, too, by one that takes up nothing else that was put aside', async () => {
		const { world, ids } = await killedAtRetry();
		world.node.parameters.options = {};
		const { start, records } = await nextN8n(world);
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
	});
});

test('every event runs to success at least once, however often n8n is killed', async () => {
	const world = await openQueue({ parameters: { batchSize: 4 } });
	await world.collect();
	const ids = world.deleteLeads(20);
	const done = new Set<number>();
	for (let life = 1; life <= 6; life++) {
		const { start } = await nextN8n(world);
		// In each life one execution succeeds; n8n is killed during the next.
		const { emitted } = await start((items, count) => {
			if (count > 1) return heldRun().run(items, count);
			leadsOf(items).forEach((id) => done.add(id));
			return 'success';
		});
		await eventually('it has been killed, or is done', () => emitted.length === 2 || world.records().length === 0);
	}
	expect([...done]).toEqual(ids);
	expect(world.records()).toEqual([]);
});
