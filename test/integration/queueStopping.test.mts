import { eventually, seconds } from './support/eventually.mjs';
import { heldRun } from './support/heldRun.mjs';
import { leadsOf, useQueue } from './support/useQueue.mjs';

const openQueue = useQueue();
const anHour = { checkEvery: 3600 };

describe('closing', () => {
	test('ends the rest between two checks: nothing is asked of the portal any more', async () => {
		const { portal, start, checked, deleteLeads } = await openQueue({ parameters: { checkEvery: 60 } });
		const { emitted, close } = await start();
		await checked();
		await close();
		deleteLeads(1);
		const asked = portal.calls.length;
		await seconds(90);
		expect(portal.calls).toHaveLength(asked);
		expect(emitted).toEqual([]);
	});

	test('lets a run that is under way settle its batch', async () => {
		const { records, collect, start, deleteLeads } = await openQueue({ parameters: anHour });
		await collect();
		const ids = deleteLeads(3);
		const { run, end } = heldRun();
		const { emitted, close } = await start(run);
		await eventually('the workflow was started', () => emitted.length === 1);
		await close();
		expect(records()).toHaveLength(3);
		end();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
	});

	test('begins no further run: the events that were to run next stay for the next activation', async () => {
		const { records, collect, start, deleteLeads } = await openQueue({ parameters: { execution: 'perEvent' } });
		await collect();
		const ids = deleteLeads(4);
		const { run, end } = heldRun();
		const first = await start(run);
		await eventually('the workflow was started', () => first.emitted.length === 1);
		await first.close();
		end();
		await eventually('that event is confirmed', () => records().length === 3);
		expect(first.emitted).toHaveLength(1);
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual(ids.slice(1).map((id) => [id]));
	});

	test('ends the wait for a portal that does not answer', async () => {
		const { portal, start } = await openQueue();
		portal.faults.next('event.offline.get', 'timeout', 9);
		const { close } = await start();
		await eventually('the portal was asked', () => portal.calls.some(({ method }) => method === 'event.offline.get'));
		await close();
		const asked = portal.calls.length;
		await seconds(30);
		expect(portal.calls).toHaveLength(asked);
	});

	test('and opening it again while a run is under way does not run its events twice', async () => {
		const { records, collect, start, deleteLeads } = await openQueue();
		await collect();
		const ids = deleteLeads(2);
		const { run, end } = heldRun();
		const before = await start(run);
		await eventually('the workflow was started', () => before.emitted.length === 1);
		await before.close();
		const { emitted } = await start();
		const later = deleteLeads(1);
		await eventually('the later event was run', () => emitted.length === 1);
		await seconds(15);
		end();
		await eventually('the queue is empty', () => records().length === 0);
		expect(before.emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([later]);
	});
});

describe('when the workflow is off', () => {
	test('the portal goes on collecting, and everything is there at the next activation', async () => {
		const { records, collected, start, deleteLeads } = await openQueue();
		const { close } = await start();
		await close();
		expect(collected()).toEqual(['ONCRMLEADDELETE']);
		const ids = deleteLeads(5);
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
	});

	test('the portal stops collecting where that is chosen, and keeps what is queued', async () => {
		const parameters = { events: ['ONCRMLEADDELETE', 'ONCRMLEADADD'], ...anHour };
		const { node, records, collected, start, checked, deleteLeads } = await openQueue({ parameters });
		node.parameters.options = { whenStopped: 'unsubscribe' };
		const { close } = await start();
		expect(collected()).toEqual(['ONCRMLEADADD', 'ONCRMLEADDELETE']);
		await checked();
		deleteLeads(1);
		await close();
		expect(collected()).toEqual([]);
		deleteLeads(1);
		expect(records()).toHaveLength(2);
	});

	test('a portal that cannot be told to stop does not keep the trigger from closing', async () => {
		const { n8n, portal, start, checked } = await openQueue({
			parameters: { options: { whenStopped: 'unsubscribe' } },
		});
		const { close } = await start();
		await checked();
		portal.faults.next('*', { status: 403, error: 'ACCESS_DENIED' }, 99);
		await close();
		expect(n8n.log).toContainEqual(expect.stringMatching(/^warn: .*could not stop the collecting/));
	});
});
