import type { IDataObject } from 'n8n-workflow';

import { eventually, seconds } from './support/eventually.mjs';
import type { Ending } from './support/startTrigger.mjs';
import { leadsOf, useQueue } from './support/useQueue.mjs';

const openQueue = useQueue();

/** Succeeds unless the lead is among the items. */
const failsWith =
	(bad: number | undefined) =>
	(items: IDataObject[]): Ending =>
		leadsOf(items).includes(bad ?? NaN) ? 'error' : 'success';

test('a batch that has failed twice is split; the event that does not succeed is put aside after five runs', async () => {
	const { n8n, records, collect, start, deleteLeads } = await openQueue();
	await collect();
	const ids = deleteLeads(4);
	const [first, second, bad, last] = ids;
	const { emitted, failures, errors } = await start(failsWith(bad));
	await eventually('one is put aside', () => records().some(({ ERROR }) => ERROR === '1'));
	await eventually('the others are confirmed', () => records().length === 1);

	expect(emitted.map(({ items }) => leadsOf(items))).toEqual([
		ids,
		ids,
		[first],
		[second],
		[bad],
		[last],
		[bad],
		[bad],
	]);
	const [aside] = records();
	expect(aside).toMatchObject({ EVENT_DATA: { FIELDS: { ID: String(bad) } }, PROCESS_ID: '' });
	// The portal's answer is a moment behind what it has done.
	await eventually('it is logged', () => n8n.log.length > 0);
	expect(n8n.log).toContainEqual(
		expect.stringMatching(new RegExp(`^warn: .*ONCRMLEADDELETE.*${aside?.ID}.*${aside?.MESSAGE_ID}.*aside`)),
	);
	expect([...failures, ...errors]).toEqual([]);
});

test.each([
	['perBatch', 'an event that came alone', { execution: 'perBatch' }],
	['perEvent', 'each event', { execution: 'perEvent' }],
])('%s: %s has five runs, and is then put aside', async (_, __, parameters) => {
	const { records, start, deleteLeads } = await openQueue({ parameters });
	const { emitted } = await start(() => 'error');
	const [id] = deleteLeads(1);
	await eventually('it is put aside', () => records().some(({ ERROR }) => ERROR === '1'));
	expect(emitted.map(({ items }) => leadsOf(items))).toEqual(Array(5).fill([id]));
});

test('as many runs as the user chose', async () => {
	const { records, collect, start, deleteLeads } = await openQueue({ parameters: { options: { maxAttempts: 1 } } });
	await collect();
	const [good, bad] = deleteLeads(2);
	const { emitted } = await start(failsWith(bad));
	await eventually('one is put aside', () => records().some(({ ERROR }) => ERROR === '1'));
	expect(emitted.map(({ items }) => leadsOf(items))).toEqual([[good, bad], [good], [bad]]);
});

test.each<[string, Ending]>([
	['was killed', 'crashed'],
	['lost its worker', 'workerKilled'],
	['was cancelled', 'canceled'],
	['was taken for a double', undefined],
	['vanished', new Error('gone')],
])('a run that %s never counts', async (_, ending) => {
	const { records, start, deleteLeads } = await openQueue({ parameters: { options: { maxAttempts: 1 } } });
	const { emitted } = await start((_, count) => (count <= 3 ? ending : 'success'));
	const ids = deleteLeads(2);
	await eventually('the queue is empty', () => records().length === 0);
	expect(emitted.map(({ items }) => leadsOf(items))).toEqual(Array(4).fill(ids));
});

test('an event that does not succeed keeps those that come later no waiting', async () => {
	const { records, start, deleteLeads } = await openQueue({ parameters: { options: { maxAttempts: 50 } } });
	const isBad = (items: IDataObject[]) => leadsOf(items).includes(4);
	const { emitted } = await start((items) => (isBad(items) ? 'error' : 'success'));
	expect(deleteLeads(1)).toEqual([4]);
	await eventually('it did not succeed', () => emitted.length > 0);
	const later = deleteLeads(3);
	await eventually('the later ones are confirmed', () => records().length === 1);
	expect(emitted.filter(({ items }) => !isBad(items)).flatMap(({ items }) => leadsOf(items))).toEqual(later);
	expect(records()).toMatchObject([{ ERROR: '0' }]);
});

describe('what was put aside', () => {
	/** A queue in which an event was put aside; the workflow is closed. */
	async function withOneAside() {
		const world = await openQueue({ parameters: { options: { maxAttempts: 1 } } });
		const { close } = await world.start(() => 'error');
		const ids = world.deleteLeads(1);
		await eventually('it is put aside', () => world.records().some(({ ERROR }) => ERROR === '1'));
		await close();
		return { ...world, ids };
	}

	test('stays where it is by default, also when something else has to be taken up', async () => {
		const { records, start, deleteLeads } = await withOneAside();
		const { emitted } = await start();
		const later = deleteLeads(1);
		await eventually('the later one is confirmed', () => records().length === 1);
		await seconds(15);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([later]);
		expect(records()).toMatchObject([{ ERROR: '1', PROCESS_ID: '' }]);
	});

	test('is taken up at the next activation where that is chosen', async () => {
		const { node, records, start, ids } = await withOneAside();
		node.parameters.options = { retryErrors: true };
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
	});

	test('comes before anything new', async () => {
		const { node, records, start, deleteLeads, ids } = await withOneAside();
		const later = deleteLeads(2);
		node.parameters.options = { retryErrors: true };
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids, later]);
	});

	test('does not run for ever when it does not succeed again either', async () => {
		const { node, start, ids } = await withOneAside();
		node.parameters.options = { retryErrors: true, maxAttempts: 2 };
		const { emitted } = await start(() => 'error');
		await eventually('it has had its runs', () => emitted.length === 2);
		await seconds(120);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids, ids]);
	});

	test('is taken up again at the activation after that', async () => {
		const { node, records, start, ids } = await withOneAside();
		node.parameters.options = { retryErrors: true, maxAttempts: 1 };
		const { emitted: before, close } = await start(() => 'error');
		await eventually('it has had its run', () => before.length === 1);
		await seconds(10);
		await close();
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
	});
});
