import type { Fault } from '../../simulator/index.mjs';
import { eventually } from './support/eventually.mjs';
import { testStep } from './support/startTrigger.mjs';
import { useQueue } from './support/useQueue.mjs';

const openQueue = useQueue();
const events = ['ONCRMLEADADD', 'ONCRMLEADUPDATE', 'ONCRMLEADDELETE', 'ONTASKADD'];
const chosen = (more: object = {}, options: object = {}) => ({
	parameters: { events, ...more, options: { includeRecord: true, includeUser: true, ...options } },
});

test.each([
	['simplified', true, { leadId: 1 }],
	['raw', false, { EVENT_NAME: 'ONCRMLEADUPDATE' }],
])('an item has the record and who did it: %s', async (_, simplify, fields) => {
	const { portal, records, start } = await openQueue(chosen({ simplify }));
	const { emitted } = await start();
	portal.leads.update(1, { TITLE: 'Twelve chairs' }, { by: 15 });
	await eventually('the queue is empty', () => records().length === 0);
	expect(emitted).toMatchObject([
		{ items: [{ ...fields, userName: 'Bob Baker', userIsAdmin: null, record: { id: 1, title: 'Twelve chairs' } }] },
	]);
});

test('a batch is looked up fifty in a call, and each item has its own', async () => {
	const { portal, records, collect, start } = await openQueue(chosen({ batchSize: 500 }));
	await collect();
	const ids = portal.leads.import(Array.from({ length: 120 }, (_, index) => ({ TITLE: `Number ${index}` })));
	for (const id of ids) portal.leads.update(id, {});
	portal.clearCalls();
	const { emitted } = await start();
	await eventually('the queue is empty', () => records().length === 0);
	const items = emitted.flatMap((run) => run.items);
	expect(items.map(({ id, record }) => [id, Object(record).id])).toEqual(ids.map((id) => [Number(id), Number(id)]));
	const calls = portal.calls.map(({ method }) => method);
	expect(calls.filter((method) => method === 'crm.item.list')).toHaveLength(3);
	expect(calls.filter((method) => method === 'user.get')).toHaveLength(1);
});

test.each<[string, Fault]>([
	['is away', 'reset'],
	['is overloaded', { status: 503, error: 'OVERLOAD_LIMIT' }],
	['refuses too much', { status: 429, error: 'OPERATION_TIME_LIMIT' }],
	['gives half an answer', 'truncated'],
])('while the portal %s, the batch waits in its reservation, and other kinds go on', async (_, fault) => {
	const { portal, n8n, records, collect, start } = await openQueue(chosen());
	await collect();
	portal.leads.update(1, {});
	portal.records.add('task', { TITLE: 'Call Carol' });
	portal.faults.next('crm.item.list', fault, 999);
	const { emitted } = await start();
	await eventually('the task has run', () => emitted.length > 0);
	expect(emitted).toMatchObject([{ items: [{ entity: 'task', record: { title: 'Call Carol' } }] }]);
	await eventually('the task is acknowledged', () => records().length === 1);
	expect(n8n.log.join()).toContain('could not be looked up. They wait');
	expect(records()).toMatchObject([{ PROCESS_ID: expect.stringMatching(/./) }]);
	portal.faults.clear();
	await eventually('the queue is empty', () => records().length === 0);
	expect(emitted.slice(1)).toMatchObject([{ items: [{ leadId: 1, record: { id: 1 } }] }]);
});

test('what cannot be read is null, and holds up nobody', async () => {
	const { portal, records, start } = await openQueue(chosen());
	portal.mayRead = (_user, { ID }) => ID !== '2';
	const { emitted } = await start();
	for (const id of [1, 2]) portal.leads.update(id, {});
	portal.leads.delete(3);
	await eventually('the queue is empty', () => records().length === 0);
	const items = emitted.flatMap((run) => run.items);
	expect(items.map(({ id, record }) => [id, Object(record).id])).toEqual([
		[1, 1],
		[2, undefined],
		[3, undefined],
	]);
});

test('a permission that is missing is named at activation', async () => {
	const { portal, start } = await openQueue(chosen());
	portal.app.scope = ['crm', 'task'];
	await expect(start()).rejects.toThrow(/lacks the permission "user_brief", without which "Include User"/);
});

test('a test shows the records of what waits', async () => {
	const { portal, n8n, collect } = await openQueue(chosen());
	await collect();
	portal.leads.update(1, {});
	expect(await testStep(n8n)).toMatchObject([{ leadId: 1, userName: 'Alice Archer', record: { id: 1 } }]);
});
