import type { IDataObject } from 'n8n-workflow';

import { eventually } from './support/eventually.mjs';
import { heldRun } from './support/heldRun.mjs';
import type { Ending } from './support/startTrigger.mjs';
import { leadsOf, useQueue } from './support/useQueue.mjs';

const openQueue = useQueue();

/** Succeeds unless the lead is among the items. */
const failsWith =
	(bad: number | undefined) =>
	(items: IDataObject[]): Ending =>
		leadsOf(items).includes(bad ?? NaN) ? 'error' : 'success';

describe('events of a run', () => {
	/** What became of a run, and of its two events, which may fail once: each that has failed is given a run alone. */
	const says: Array<[string, Ending, 'confirmed' | 'alone' | 'again']> = [
		['succeeded', 'success', 'confirmed'],
		['pauses (Wait)', 'waiting', 'confirmed'],
		['did not succeed', 'error', 'alone'],
		['was cancelled', 'canceled', 'again'],
		['was killed', 'crashed', 'again'],
		['lost its worker', 'workerKilled', 'again'],
		['is not known', 'unknown', 'again'],
		['vanished', new Error('The execution is gone'), 'again'],
		['was taken for a double', undefined, 'again'],
	];

	test.each(says)('that %s are acknowledged, or come again; only failures count', async (_, ending, outcome) => {
		const { records, start, deleteLeads } = await openQueue({ parameters: { options: { maxAttempts: 1 } } });
		const { emitted, failures, errors } = await start((_items, count) => (count === 1 ? ending : 'success'));
		const ids = deleteLeads(2);
		await eventually('the queue is empty', () => records().length === 0);
		const next = { confirmed: [], alone: ids.map((id) => [id]), again: [ids] }[outcome];
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids, ...next]);
		expect([...failures, ...errors]).toEqual([]);
	});

	test('that did not succeed are acknowledged where that is chosen (afterFinish)', async () => {
		const { records, start, deleteLeads } = await openQueue({ parameters: { acknowledge: 'afterFinish' } });
		const { emitted } = await start(() => 'error');
		const ids = deleteLeads(2);
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
	});

	test('are gone from the queue before it (onReceipt)', async () => {
		const { records, start, deleteLeads } = await openQueue({ parameters: { acknowledge: 'onReceipt' } });
		const waiting: number[] = [];
		const { emitted } = await start(() => {
			waiting.push(records().length);
			return 'error';
		});
		const first = deleteLeads(2);
		await eventually('the workflow was started', () => emitted.length === 1);
		const second = deleteLeads(1);
		await eventually('the workflow was started again', () => emitted.length === 2);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([first, second]);
		expect(waiting).toEqual([0, 0]);
	});

	test('may be followed by a change of the same object, which is queued anew and comes after it', async () => {
		const { portal, records, start } = await openQueue({ parameters: { events: ['ONCRMLEADUPDATE'] } });
		const { run, end } = heldRun();
		const { emitted } = await start(run);
		portal.leads.update(1, {});
		await eventually('the workflow was started', () => emitted.length === 1);
		portal.leads.update(1, {});
		end();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([[1], [1]]);
	});
});

test('a batch that has failed twice is split; the event that does not succeed is put aside', async () => {
	const { n8n, records, collect, start, deleteLeads } = await openQueue({
		parameters: { options: { maxAttempts: 3 } },
	});
	await collect();
	const ids = deleteLeads(4);
	const bad = ids[2];
	const { emitted, failures, errors } = await start(failsWith(bad));
	await eventually('one is put aside', () => records().some(({ ERROR }) => ERROR === '1'));
	await eventually('the others are confirmed', () => records().length === 1);
	expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids, ids, ...ids.map((id) => [id])]);
	const [aside] = records();
	expect(aside).toMatchObject({ EVENT_DATA: { FIELDS: { ID: String(bad) } }, PROCESS_ID: '' });
	// The portal's answer is a moment behind what it has done.
	await eventually('it is logged', () => n8n.log.length > 0);
	expect(n8n.log).toContainEqual(
		expect.stringMatching(new RegExp(`^warn: .*ONCRMLEADDELETE.*${aside?.ID}.*${aside?.MESSAGE_ID}.*aside`)),
	);
	expect([...failures, ...errors]).toEqual([]);
});

test.each(['perBatch', 'perEvent'])('%s: an event has as many runs as the user chose', async (execution) => {
	const { records, start, deleteLeads } = await openQueue({ parameters: { execution, options: { maxAttempts: 2 } } });
	const { emitted } = await start(() => 'error');
	const [id] = deleteLeads(1);
	await eventually('it is put aside', () => records().some(({ ERROR }) => ERROR === '1'));
	expect(emitted.map(({ items }) => leadsOf(items))).toEqual([[id], [id]]);
});

test('an event that does not succeed keeps those that come later no waiting', async () => {
	const { records, start, deleteLeads } = await openQueue({ parameters: { options: { maxAttempts: 50 } } });
	const { emitted } = await start(failsWith(4));
	expect(deleteLeads(1)).toEqual([4]);
	await eventually('it did not succeed', () => emitted.length > 0);
	const later = deleteLeads(3);
	await eventually('the later ones are confirmed', () => records().length === 1);
	const others = emitted.flatMap(({ items }) => leadsOf(items)).filter((id) => id !== 4);
	expect(others).toEqual(later);
	expect(records()).toMatchObject([{ ERROR: '0' }]);
});

describe('what was put aside', () => {
	/** A queue in which an event was put aside; the workflow is closed, and is to take it up again. */
	async function withOneAside() {
		const world = await openQueue({ parameters: { options: { maxAttempts: 1 } } });
		const { close } = await world.start(() => 'error');
		const ids = world.deleteLeads(1);
		await eventually('it is put aside', () => world.records().some(({ ERROR }) => ERROR === '1'));
		await close();
		world.node.parameters.options = { retryErrors: true, maxAttempts: 1 };
		return { ...world, ids };
	}

	test('is taken up at the next activation where that is chosen, before anything new', async () => {
		const { records, start, deleteLeads, ids } = await withOneAside();
		const later = deleteLeads(2);
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids, later]);
	});

	test('is taken up again at the activation after that', async () => {
		const { portal, records, start, ids } = await withOneAside();
		const { emitted: before, close } = await start(() => 'error');
		const moves = () => portal.calls.filter(({ method }) => method === 'event.offline.error');
		await eventually('it has failed again', () => moves().length === 2);
		await close();
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		expect([before, emitted].map((runs) => runs.map(({ items }) => leadsOf(items)))).toEqual([[ids], [ids]]);
	});
});

test.each(['afterSuccess', 'onReceipt'])('records in an unknown form are named, the others run: %s', async (chosen) => {
	const { n8n, portal, records, collect, start, deleteLeads } = await openQueue({
		parameters: { acknowledge: chosen },
	});
	await collect();
	const ids = deleteLeads(50);
	// What a portal might make of a record that no documentation knows.
	const missing = new Map([
		[ids[20], 'event'],
		[ids[30], 'messageId'],
		[ids[40], 'id'],
	]);
	const { queue } = portal;
	const process = queue.process.bind(queue);
	queue.process = (...selected) =>
		process(...selected).map((record) => {
			const { FIELDS: fields } = record.data as { FIELDS: { ID: number } };
			const field = missing.get(Number(fields.ID));
			return field === undefined ? record : Object.assign({ ...record }, { [field]: '' });
		});
	const { emitted, failures } = await start();
	const strange = () => n8n.log.filter((line) => line.includes('is not in the form that Bitrix24 documents'));
	await eventually('the others have run', () => emitted.length > 0);
	const [later] = deleteLeads(1);
	await eventually('a later one has run', () => emitted.length > 1);
	expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids.filter((id) => !missing.has(id)), [later]]);
	expect(strange()).toHaveLength(3);
	// Without its message, the portal cannot put a record aside.
	const left = chosen === 'onReceipt' ? [] : [{ ERROR: '1' }, { ERROR: '0' }, { ERROR: '1' }];
	await eventually('the later one is confirmed', () => records().length === left.length);
	expect(records()).toMatchObject(left);
	expect(failures).toEqual([]);
});
