import { eventually } from './support/eventually.mjs';
import type { Ending } from './support/startTrigger.mjs';
import { leadsOf, useQueue } from './support/useQueue.mjs';

const openQueue = useQueue();

test('a deleted lead becomes one flat item', async () => {
	const { portal, records, start } = await openQueue();
	const { emitted } = await start();
	portal.leads.delete(2, { by: 15 });
	const [record] = records();
	await eventually('the queue is empty', () => records().length === 0);
	expect(emitted).toMatchObject([
		{
			items: [
				{
					event: 'ONCRMLEADDELETE',
					entity: 'lead',
					action: 'delete',
					id: 2,
					leadId: 2,
					queuedAt: new Date(record?.TIMESTAMP_X ?? '').toISOString(),
					portalDomain: portal.domain,
					portalMemberId: portal.memberId,
					portalEndpoint: `${portal.portalUrl}/rest/`,
					applicationStatus: 'local',
					userId: 15,
					messageId: record?.MESSAGE_ID,
				},
			],
		},
	]);
	expect(Object.keys(emitted[0]?.items[0] ?? {})).toHaveLength(12);
});

test('what a robot did is tied to nobody', async () => {
	const { portal, start } = await openQueue();
	const { emitted } = await start();
	portal.leads.delete(2, { by: 'robot' });
	await eventually('the workflow was started', () => emitted.length === 1);
	expect(emitted).toMatchObject([{ items: [{ leadId: 2, userId: null }] }]);
});

test('not simplified, it is the record as Bitrix24 names it', async () => {
	const { portal, records, start } = await openQueue({ parameters: { simplify: false } });
	const { emitted } = await start();
	portal.leads.delete(2);
	const [{ ID, TIMESTAMP_X, MESSAGE_ID } = {}] = records();
	await eventually('the workflow was started', () => emitted.length === 1);
	expect(emitted[0]?.items).toEqual([
		{
			ID,
			TIMESTAMP_X,
			EVENT_NAME: 'ONCRMLEADDELETE',
			EVENT_DATA: { FIELDS: { ID: '2' } },
			EVENT_ADDITIONAL: { user_id: '1' },
			MESSAGE_ID,
		},
	]);
});

test('what waits is one execution with an item per event, in the order of the queue', async () => {
	const { records, collect, start, deleteLeads } = await openQueue();
	await collect();
	const ids = deleteLeads(30);
	const { emitted } = await start();
	await eventually('the queue is empty', () => records().length === 0);
	expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
});

test('one execution per event, each after the other has ended, where that is chosen', async () => {
	const { records, collect, start, deleteLeads } = await openQueue({ parameters: { execution: 'perEvent' } });
	await collect();
	const ids = deleteLeads(8);
	let running = 0;
	const { emitted } = await start(async (): Promise<Ending> => {
		expect(++running).toBe(1);
		await new Promise((resolve) => setTimeout(resolve, 100));
		running--;
		return 'success';
	});
	await eventually('the queue is empty', () => records().length === 0);
	expect(emitted.map(({ items }) => leadsOf(items))).toEqual(ids.map((id) => [id]));
});

test('every execution has a deduplication key of its own, those of the same event and after a restart included', async () => {
	const { records, start, deleteLeads } = await openQueue();
	const keys: Array<string | undefined> = [];
	for (let activation = 0; activation < 3; activation++) {
		const { emitted, close } = await start((_, count) => (count < 3 ? 'error' : 'success'));
		deleteLeads(1);
		await eventually('the queue is empty', () => records().length === 0);
		await close();
		keys.push(...emitted.map(({ deduplicationKey }) => deduplicationKey));
	}
	expect(keys).toHaveLength(9);
	expect(new Set(keys).size).toBe(9);
	expect(keys).not.toContain(undefined);
});
