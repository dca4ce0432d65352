import { type Inbox, startInbox } from './support/inbox.mjs';
import { QUEUE_TRIGGER, QueueTrigger } from './support/QueueTrigger.mjs';
import { until } from './support/until.mjs';
import { openWorld, type World } from './support/world.mjs';

jest.setTimeout(240_000);

const RATE = { perSecond: 2, burst: 50 };

let world: World;
let inbox: Inbox;
beforeAll(async () => {
	const leads = Array.from({ length: 2000 }, () => ({}));
	world = await openWorld({ portal: { rate: RATE, leads } });
	inbox = await startInbox();
});
afterEach(() => {
	inbox.received = [];
	inbox.accepts = () => true;
});
afterAll(async () => {
	await inbox?.stop();
	await world?.close();
});

/** Ids of leads that nobody has deleted yet. */
function fresh(count: number): number[] {
	return world.portal.leads
		.list()
		.slice(0, count)
		.map(({ ID }) => Number(ID));
}

function freshOne(): number {
	return only(fresh(1));
}

function only<T>(all: T[]): T {
	const [one] = all;
	if (one === undefined || all.length > 1) throw new Error(`One was expected, there are ${all.length}`);
	return one;
}

const numbers = (items: Array<Record<string, unknown>>) => items.map(({ leadId }) => Number(leadId));
const sorted = (ids: number[]) => [...ids].sort((a, b) => a - b);

test('a deleted lead arrives as an item', async () => {
	const trigger = await QueueTrigger.active(world);
	const id = freshOne();
	world.portal.leads.delete(id);
	const record = only(trigger.records());
	await trigger.drained();
	const { host } = new URL(world.portal.portalUrl);
	expect(await trigger.items()).toEqual([
		{
			event: 'ONCRMLEADDELETE',
			entity: 'lead',
			action: 'delete',
			id,
			leadId: id,
			queuedAt: new Date(record.TIMESTAMP_X).toISOString(),
			portalDomain: host,
			portalMemberId: world.portal.memberId,
			portalEndpoint: `${world.portal.portalUrl}/rest/`,
			applicationStatus: 'local',
			userId: 1,
			messageId: record.MESSAGE_ID,
		},
	]);
	await trigger.deactivate();
});

test('with simplify off the item is the record as Bitrix24 names it', async () => {
	const trigger = await QueueTrigger.active(world, { parameters: { simplify: false } });
	const id = freshOne();
	world.portal.leads.delete(id, { by: 'robot' });
	const { ID, TIMESTAMP_X, MESSAGE_ID } = only(trigger.records());
	await trigger.drained();
	expect(await trigger.items()).toEqual([
		{
			ID,
			TIMESTAMP_X,
			EVENT_NAME: 'ONCRMLEADDELETE',
			EVENT_DATA: { FIELDS: { ID: String(id) } },
			EVENT_ADDITIONAL: { user_id: '0' },
			MESSAGE_ID,
		},
	]);
	await trigger.deactivate();
});

test('1,000 leads deleted while the workflow is off cost five calls beside the look for what is left over', async () => {
	const trigger = await QueueTrigger.active(world, { parameters: { batchSize: 500 } });
	await trigger.deactivate();
	const ids = fresh(1000);
	world.portal.leads.delete(ids);
	expect(trigger.records()).toHaveLength(1000);

	await trigger.activate();
	world.portal.clearCalls();
	await trigger.drained();
	await until('the last confirmation is answered', () => callsOf('event.offline.clear').length === 2);
	await until('an empty batch ends the row', () => callsOf('event.offline.get').length === 3);

	const methods = world.portal.calls.map(({ method }) => method).filter((method) => method !== 'event.offline.list');
	expect(methods.length).toBeLessThanOrEqual(5);
	expect(numbers(await trigger.items())).toEqual(ids);
	expect(await trigger.executions()).toHaveLength(2);
	await trigger.deactivate();
});

function callsOf(method: string) {
	return world.portal.calls.filter((call) => call.method === method);
}

test('one event among fifty that does not succeed is put aside alone, and found again', async () => {
	const draft = { parameters: { execution: 'perEvent', options: { maxAttempts: 2 } }, then: [inbox.node] };
	const trigger = await QueueTrigger.add(world, draft);
	const ids = fresh(50);
	const bad = ids[17];
	inbox.accepts = ({ leadId }) => leadId !== bad;
	await trigger.activate();
	world.portal.leads.delete(ids);
	await until('all but one are confirmed', () => trigger.records().length === 1, 120_000);
	await until('that one is put aside', () => only(trigger.records()).ERROR === '1', 120_000);
	expect(trigger.records()).toMatchObject([{ EVENT_DATA: { FIELDS: { ID: String(bad) } }, PROCESS_ID: '' }]);
	expect(sorted(numbers(await trigger.items()))).toEqual(ids.filter((id) => id !== bad));
	expect(inbox.received.filter(({ leadId }) => leadId === bad)).toHaveLength(2);

	inbox.accepts = () => true;
	await trigger.deactivate();
	await trigger.change({ ...draft, parameters: { ...draft.parameters, options: { retryErrors: true } } });
	await trigger.activate();
	await trigger.drained();
	expect(numbers(await trigger.items())).toContain(bad);
	await trigger.deactivate();
});

test('two workflows on one app each receive every event', async () => {
	const [one, other] = [await QueueTrigger.active(world), await QueueTrigger.active(world)];
	const ids = fresh(30);
	world.portal.leads.delete(ids);
	await one.drained();
	await other.drained();
	expect(numbers(await one.items())).toEqual(ids);
	expect(numbers(await other.items())).toEqual(ids);
	await one.deactivate();
	await other.deactivate();
});

test('the portal goes on collecting for a workflow that is off, and stops where it is told to', async () => {
	const keeps = await QueueTrigger.active(world);
	const stops = await QueueTrigger.active(world, { parameters: { options: { whenStopped: 'unsubscribe' } } });
	await keeps.deactivate();
	await stops.deactivate();
	await until('the collecting has stopped', () => stops.collected().length === 0);
	expect(keeps.collected()).toEqual(['ONCRMLEADDELETE']);
	const ids = fresh(3);
	world.portal.leads.delete(ids);
	await keeps.activate();
	await keeps.drained();
	expect(numbers(await keeps.items())).toEqual(ids);
	expect(stops.records()).toEqual([]);
	await keeps.deactivate();
});

test('a change of events changes what is collected, and nothing else', async () => {
	const beside = await QueueTrigger.active(world);
	const trigger = await QueueTrigger.active(world, { parameters: { events: ['ONCRMLEADADD', 'ONCRMLEADDELETE'] } });
	expect(trigger.collected()).toEqual(['ONCRMLEADADD', 'ONCRMLEADDELETE']);
	await trigger.change({ parameters: { events: ['ONCRMLEADADD'] } });
	await trigger.activate();
	expect(trigger.collected()).toEqual(['ONCRMLEADADD']);
	expect(beside.collected()).toEqual(['ONCRMLEADDELETE']);
	await trigger.deactivate();
	await beside.deactivate();
});

test('a test of the step shows what waits, and takes nothing', async () => {
	const trigger = await QueueTrigger.active(world);
	await trigger.deactivate();
	const ids = fresh(3);
	world.portal.leads.delete(ids);
	const before = trigger.records();
	const listening = await world.client.listenForTestEvent(trigger.id, QUEUE_TRIGGER);
	expect(numbers((await listening.received()).itemsOf(QUEUE_TRIGGER))).toEqual(ids);
	expect(trigger.records()).toEqual(before);
});

afterAll(() => {
	expect(world.portal.deliveries).toEqual([]);
	expect(world.portal.rateLimited).toBe(0);
});
