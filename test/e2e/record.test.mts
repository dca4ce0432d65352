import { QueueTrigger } from './support/QueueTrigger.mjs';
import { Trigger, TRIGGER } from './support/Trigger.mjs';
import { slowdown } from './support/TriggerWorkflow.mjs';
import { until } from './support/until.mjs';
import { openWorld, type World } from './support/world.mjs';

jest.setTimeout(300_000);

const CANARY = 'c4n4ry'.repeat(8);
const parameters = { events: ['ONCRMLEADADD', 'ONCRMLEADUPDATE'], options: { includeRecord: true } };
const chairs = {
	TITLE: 'Ten chairs',
	UF_CRM_FILE: { fileId: 9 },
	UF_CRM_LINK: `https://p.example/?auth=${CANARY}&x=1`,
	COMMENTS: `<a href="https://p/?x=1&amp;auth=${CANARY}">a</a> https://q/?to=p%3Fauth%3D${CANARY}%26y`,
};

let world: World;
beforeAll(async () => {
	world = await openWorld();
});
afterAll(async () => await world?.close());

test('an event that is pushed brings its record, without the tokens in its links', async () => {
	const trigger = await Trigger.active(world, { parameters });
	const { ID } = world.portal.leads.add(chairs);
	const [item] = await trigger.items(1);
	expect(item).toMatchObject({ leadId: Number(ID), record: { title: 'Ten chairs', ufCrmFile: { id: 9 } } });
	expect(JSON.stringify(item)).not.toMatch(/auth=|c4n4ry/);
	await trigger.deactivate();
});

test('an event that is queued brings its record', async () => {
	const trigger = await QueueTrigger.active(world, { parameters: { ...parameters, checkEvery: 5 } });
	const { ID } = world.portal.leads.add(chairs);
	await trigger.drained();
	const items = await until('the run has ended', async () => {
		const found = await trigger.items();
		return found.length > 0 && found;
	});
	expect(items).toMatchObject([{ leadId: Number(ID), record: { title: 'Ten chairs' } }]);
	expect(JSON.stringify(items)).not.toMatch(/auth=|c4n4ry/);
	await trigger.deactivate();
});

test('the sample for the editor has the newest record, and its id', async () => {
	const trigger = await Trigger.add(world, { parameters });
	const { ID } = world.portal.leads.add({ TITLE: 'The newest' });
	const execution = await trigger.listen();
	expect(execution.itemsOf(TRIGGER)).toMatchObject([
		{ event: 'ONCRMLEADADD', id: Number(ID), isTest: true, record: { id: Number(ID), title: 'The newest' } },
	]);
});

test('stopped or killed in the middle of a look-up, n8n shows what has become of every event that it has answered', async () => {
	const own = await world.beside();
	const trigger = await Trigger.active(own, { parameters });
	const lookUps = () => own.portal.calls.filter(({ method }) => method === 'crm.item.list').length;
	for (const [count, end] of (['stop', 'kill'] as const).entries()) {
		own.portal.clearCalls();
		own.portal.faults.next('crm.item.list', { delayMs: 8_000 });
		own.portal.leads.update(1, { TITLE: `Change ${count}` });
		await until('it was answered', () => own.portal.deliveries.at(-1)?.status === 200);
		await until(
			'the run is under way',
			async () => (await own.client.executions(trigger.id, { status: 'running' })).length > 0,
		);
		expect(lookUps()).toBe(0);
		await own.n8n[end]();
		await own.n8n.start();
		const seen = await until('the run is over', async () => {
			const all = await own.client.executions(trigger.id);
			return all.length === count + 1 && all.every(({ status }) => status !== 'running' && status !== 'new') && all;
		});
		// A stop waits for the run; a kill leaves it visible.
		expect(seen[0]?.status).toBe(end === 'stop' ? 'success' : 'crashed');
	}
	await trigger.deactivate();
});

test.each([
	['stopped', 'stop'],
	['killed', 'kill'],
] as const)('%s in the middle of a look-up, the queue loses nothing, and nothing runs twice', async (_, end) => {
	const own = await world.beside();
	const trigger = await QueueTrigger.active(own, { parameters: { ...parameters, checkEvery: 5 }, then: [slowdown(1)] });
	await until('the queue has been looked at', () =>
		own.portal.calls.some(({ method }) => method === 'event.offline.get'),
	);
	own.portal.faults.next('crm.item.list', 'timeout');
	for (const id of [1, 2, 3]) own.portal.leads.update(id, {});
	await until('the look-up is under way', () =>
		own.portal.calls.some(({ method, status }) => method === 'crm.item.list' && status === 0),
	);
	expect(trigger.records().every(({ PROCESS_ID }) => PROCESS_ID !== '')).toBe(true);
	await own.n8n[end]();
	await own.n8n.start();
	await trigger.drained(120_000);
	const items = await until('every event has run', async () => {
		const found = await trigger.items();
		return found.length >= 3 && found;
	});
	expect(items.map(({ leadId, record }) => [leadId, Object(record).id]).sort()).toEqual(
		[1, 2, 3].map((id) => [id, id]),
	);
	await trigger.deactivate();
});

test('no log holds a token of a record’s links', () => {
	expect(world.n8n.log()).not.toMatch(/auth=|c4n4ry/);
});
