import { eventually, seconds } from './support/eventually.mjs';
import { heldRun } from './support/heldRun.mjs';
import type { Ending } from './support/startTrigger.mjs';
import { leadsOf, useQueue } from './support/useQueue.mjs';

const openQueue = useQueue();

type Outcome = 'confirmed' | 'again';
const says: Array<[string, Ending, Record<'afterSuccess' | 'afterFinish', Outcome>]> = [
	['succeeded', 'success', { afterSuccess: 'confirmed', afterFinish: 'confirmed' }],
	['pauses (Wait)', 'waiting', { afterSuccess: 'confirmed', afterFinish: 'confirmed' }],
	['did not succeed', 'error', { afterSuccess: 'again', afterFinish: 'confirmed' }],
	['was cancelled', 'canceled', { afterSuccess: 'again', afterFinish: 'again' }],
	['was killed', 'crashed', { afterSuccess: 'again', afterFinish: 'again' }],
	['lost its worker', 'workerKilled', { afterSuccess: 'again', afterFinish: 'again' }],
	['is not known', 'unknown', { afterSuccess: 'again', afterFinish: 'again' }],
	['vanished', new Error('The execution is gone'), { afterSuccess: 'again', afterFinish: 'again' }],
	['was taken for a double', undefined, { afterSuccess: 'again', afterFinish: 'again' }],
];

describe.each(says)('events of a run that %s', (_, ending, outcomes) => {
	test.each(['afterSuccess', 'afterFinish'] as const)('are acknowledged or come again (%s)', async (acknowledge) => {
		const { records, start, deleteLeads } = await openQueue({ parameters: { acknowledge } });
		const { emitted, failures, errors } = await start((_items, count) => (count === 1 ? ending : 'success'));
		const ids = deleteLeads(2);
		await eventually('the queue is empty', () => records().length === 0);
		const runs = outcomes[acknowledge] === 'confirmed' ? 1 : 2;
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual(Array(runs).fill(ids));
		expect([...failures, ...errors]).toEqual([]);
	});

	test('are gone from the queue before it (onReceipt)', async () => {
		const { portal, records, start, deleteLeads } = await openQueue({ parameters: { acknowledge: 'onReceipt' } });
		const waiting: number[] = [];
		const { emitted } = await start((_items, count) => {
			waiting.push(records().length);
			return count === 1 ? ending : 'success';
		});
		const first = deleteLeads(2);
		await eventually('the workflow was started', () => emitted.length === 1);
		const second = deleteLeads(1);
		await eventually('the workflow was started again', () => emitted.length === 2);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([first, second]);
		expect(waiting).toEqual([0, 0]);
		expect(portal.calls.map(({ method }) => method)).not.toContain('event.offline.clear');
	});
});

describe('while a run has not ended', () => {
	test('its events stay reserved, and no other run is begun', async () => {
		const { portal, records, start, deleteLeads } = await openQueue();
		const { run, end } = heldRun();
		const { emitted } = await start(run);
		deleteLeads(2);
		await eventually('the workflow was started', () => emitted.length === 1);
		deleteLeads(1);
		const asked = portal.calls.length;
		await seconds(20);
		expect(portal.calls).toHaveLength(asked);
		expect(records().map(({ PROCESS_ID }) => PROCESS_ID !== '')).toEqual([true, true, false]);
		end();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted).toHaveLength(2);
	});

	test('a change of the same object is queued anew, and comes after it', async () => {
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

test('only the records that were run are confirmed, each by its id', async () => {
	const { portal, records, collect, start, deleteLeads } = await openQueue({ parameters: { batchSize: 2 } });
	await collect();
	deleteLeads(3);
	const ids = records().map(({ ID }) => ID);
	await start();
	await eventually('the queue is empty', () => records().length === 0);
	const confirmed = portal.calls.filter(({ method }) => method === 'event.offline.clear').map(({ params }) => params);
	expect(confirmed).toMatchObject([{ id: ids.slice(0, 2) }, { id: ids.slice(2) }]);
	expect(new Set(confirmed.map(({ process_id }) => process_id)).size).toBe(2);
});
