import { eventually, seconds } from './support/eventually.mjs';
import { leadsOf, useQueue } from './support/useQueue.mjs';

const openQueue = useQueue();

describe('an answer that gets lost', () => {
	test('to a reservation: its events are taken up at the next check, in their order', async () => {
		const { portal, records, collect, start, deleteLeads } = await openQueue({ parameters: { batchSize: 2 } });
		await collect();
		const ids = deleteLeads(5);
		portal.faults.next('event.offline.get', 'reset', { times: 1, when: 'after' });
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		const runs = emitted.flatMap(({ items }) => leadsOf(items));
		expect([...runs].sort((a, b) => a - b)).toEqual(ids);
	});

	test.each([
		['never arrived', 'before'],
		['arrived', 'after'],
	] as const)(
		'to a confirmation that %s: it is repeated until it succeeds, and nothing runs twice',
		async (_, when) => {
			const { portal, records, collect, start, deleteLeads } = await openQueue();
			await collect();
			const ids = deleteLeads(2);
			portal.faults.next('event.offline.clear', 'reset', { times: 10, when });
			const { emitted } = await start();
			await eventually('it was confirmed', () => portal.calls.some(succeeded('event.offline.clear')));
			const later = deleteLeads(1);
			await eventually('the queue is empty', () => records().length === 0);
			expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids, later]);
		},
	);

	test('to putting aside: it is repeated until it succeeds, and nothing runs again', async () => {
		const { portal, records, start, deleteLeads } = await openQueue({ parameters: { options: { maxAttempts: 1 } } });
		const { emitted } = await start(() => 'error');
		portal.faults.next('event.offline.error', 'reset', { times: 10, when: 'before' });
		deleteLeads(1);
		await eventually('it is put aside', () => records().some(({ ERROR }) => ERROR === '1'));
		expect(emitted).toHaveLength(1);
	});

	test('to taking events for good (onReceipt): what was handed out is lost, and what waits is not', async () => {
		const parameters = { acknowledge: 'onReceipt', batchSize: 2 };
		const { portal, records, collect, start, deleteLeads } = await openQueue({ parameters });
		await collect();
		const ids = deleteLeads(4);
		portal.faults.next('event.offline.get', 'reset', { times: 1, when: 'after' });
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		await seconds(10);
		expect(emitted.flatMap(({ items }) => leadsOf(items))).toEqual(ids.slice(2));
	});
});

const succeeded = (method: string) => (call: { method: string; status: number }) =>
	call.method === method && call.status === 200;

describe('what is owed to the portal', () => {
	test('when the workflow is saved meanwhile is told by the trigger that is opened next', async () => {
		const { portal, records, collect, start, deleteLeads } = await openQueue();
		await collect();
		const ids = deleteLeads(2);
		portal.faults.next('event.offline.clear', { status: 500, error: 'INTERNAL_SERVER_ERROR' }, 99);
		const before = await start();
		await eventually('the confirmation was refused', () =>
			portal.calls.some((call) => call.method === 'event.offline.clear'),
		);
		await before.close();
		portal.faults.clear();
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		expect(before.emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
		expect(emitted).toEqual([]);
	});
});
