import { setTimeout as sleep } from 'node:timers/promises';

import type { Fault, OfflineRecord, Simulator } from '../../simulator/index.mjs';
import { clientFor } from '../simulator/client.mjs';
import { type Inbox, startInbox } from './support/inbox.mjs';
import { isLong } from './support/preparedInstall.mjs';
import { QUEUE_TRIGGER, QueueTrigger } from './support/QueueTrigger.mjs';
import type { TriggerDraft } from './support/TriggerWorkflow.mjs';
import { until } from './support/until.mjs';
import { manyLeads, openWorld, type World } from './support/world.mjs';

jest.setTimeout(300_000);

const DELETED = 'ONCRMLEADDELETE';
/** Bitrix24's own. */
const RATE = { perSecond: 2, burst: 50 };

let world: World;
const inboxes: Inbox[] = [];
const portals: Simulator[] = [];
beforeAll(async () => {
	world = await openWorld();
});
afterAll(async () => {
	await Promise.all(inboxes.map(async (inbox) => await inbox.stop()));
	await world?.close();
});

/** A portal of its own, whose queue starts a workflow that reports to an inbox of its own. */
async function alone(draft: TriggerDraft = {}): Promise<{ own: World; trigger: QueueTrigger; inbox: Inbox }> {
	const own = await world.beside({ rate: RATE, leads: manyLeads(100) });
	portals.push(own.portal);
	const inbox = await startInbox();
	inboxes.push(inbox);
	return { own, inbox, trigger: await QueueTrigger.active(own, { then: [inbox.node], ...draft }) };
}

/** Deletes leads, and returns their ids. */
function deleteLeads({ portal: { leads } }: World, count: number, by: number | 'robot' = 1): number[] {
	const ids = leads.list().map(({ ID }) => Number(ID));
	leads.delete(ids.slice(0, count), { by });
	return ids.slice(0, count);
}

function only<T>(all: readonly T[]): T {
	const [one] = all;
	if (one === undefined || all.length > 1) throw new Error(`One was expected, there are ${all.length}`);
	return one;
}

const numbers = (items: Array<Record<string, unknown>>) => items.map(({ leadId }) => Number(leadId));
const callsOf = ({ portal }: World, method: string) => portal.calls.filter((call) => call.method === method);

test.concurrent('what happens on the portal arrives as an item', async () => {
	const { own, trigger } = await alone();
	const id = only(deleteLeads(own, 1));
	const record = only(trigger.records());
	await trigger.drained();
	const item = {
		event: DELETED,
		entity: 'lead',
		action: 'delete',
		id,
		leadId: id,
		queuedAt: new Date(record.TIMESTAMP_X).toISOString(),
		portalDomain: new URL(own.portal.portalUrl).host,
		portalMemberId: own.portal.memberId,
		portalEndpoint: `${own.portal.portalUrl}/rest/`,
		applicationStatus: 'local',
		userId: 1,
		messageId: record.MESSAGE_ID,
	};
	expect(await trigger.items()).toEqual([item]);
});

test.concurrent('what happens on the portal arrives as the record that Bitrix24 names, with simplify off', async () => {
	const { own, trigger } = await alone({ parameters: { simplify: false } });
	const id = only(deleteLeads(own, 1, 'robot'));
	const { ID, TIMESTAMP_X, MESSAGE_ID } = only(trigger.records());
	await trigger.drained();
	const data = { EVENT_DATA: { FIELDS: { ID: String(id) } }, EVENT_ADDITIONAL: [] };
	expect(await trigger.items()).toEqual([{ ID, TIMESTAMP_X, EVENT_NAME: DELETED, ...data, MESSAGE_ID }]);
});

test.concurrent(
	'what happens on the portal while the workflow is off costs, for two batches, five calls beside the look for what is left over',
	async () => {
		const { own, trigger } = await alone({ parameters: { batchSize: 25 } });
		await trigger.deactivate();
		const ids = deleteLeads(own, 50);
		expect(trigger.records()).toHaveLength(50);
		await trigger.activate();
		own.portal.clearCalls();
		await trigger.drained();
		await until('the last confirmation is answered', () => callsOf(own, 'event.offline.clear').length === 2);
		await until('an empty batch ends the row', () => callsOf(own, 'event.offline.get').length === 3);
		const methods = own.portal.calls.map(({ method }) => method).filter((method) => method !== 'event.offline.list');
		expect(methods.length).toBeLessThanOrEqual(5);
		expect(numbers(await trigger.items())).toEqual(ids);
		expect(await trigger.executions()).toHaveLength(2);
	},
);

test.concurrent('what happens on the portal arrives in each of two workflows on one app', async () => {
	const { own, trigger } = await alone();
	const other = await QueueTrigger.active(own);
	const ids = deleteLeads(own, 30);
	await trigger.drained();
	await other.drained();
	expect(numbers(await trigger.items())).toEqual(ids);
	expect(numbers(await other.items())).toEqual(ids);
});

test.concurrent(
	'what happens on the portal is collected for a workflow that is off, and no longer where it is told to stop',
	async () => {
		const { own, trigger } = await alone();
		const stops = await QueueTrigger.active(own, { parameters: { options: { whenStopped: 'unsubscribe' } } });
		await trigger.deactivate();
		await stops.deactivate();
		await until('the collecting has stopped', () => stops.collected().length === 0);
		expect(trigger.collected()).toEqual([DELETED]);
		const ids = deleteLeads(own, 3);
		await trigger.activate();
		await trigger.drained();
		expect(numbers(await trigger.items())).toEqual(ids);
		expect(stops.records()).toEqual([]);
	},
);

test.concurrent(
	'what happens on the portal is collected as another choice of events says, and for nobody else',
	async () => {
		const { own, trigger } = await alone({ parameters: { events: ['ONCRMLEADADD', DELETED] }, then: [] });
		const beside = await QueueTrigger.active(own);
		expect(trigger.collected()).toEqual(['ONCRMLEADADD', DELETED]);
		await trigger.change({ parameters: { events: ['ONCRMLEADADD'] } });
		await trigger.activate();
		expect([trigger.collected(), beside.collected()]).toEqual([['ONCRMLEADADD'], [DELETED]]);
	},
);

test.concurrent('what happens on the portal is shown by a test of the step, which takes nothing', async () => {
	const { own, trigger } = await alone();
	await trigger.deactivate();
	const ids = deleteLeads(own, 3);
	const before = trigger.records();
	const listening = await own.client.listenForTestEvent(trigger.id, QUEUE_TRIGGER);
	expect(numbers((await listening.received()).itemsOf(QUEUE_TRIGGER))).toEqual(ids);
	expect(trigger.records()).toEqual(before);
});

test.concurrent('one event among ten that does not succeed is put aside alone, and found again', async () => {
	const parameters = { execution: 'perEvent', options: { maxAttempts: 2 } };
	const { own, trigger, inbox } = await alone({ parameters });
	const bad = Number(own.portal.leads.list()[4]?.ID);
	inbox.accepts = ({ leadId }) => leadId !== bad;
	const ids = deleteLeads(own, 10);
	await until('that one is put aside', () => trigger.records().every(({ ERROR }) => ERROR === '1'), 120_000);
	expect(trigger.records()).toMatchObject([{ EVENT_DATA: { FIELDS: { ID: String(bad) } }, PROCESS_ID: '' }]);
	expect(numbers(await trigger.items())).toEqual(ids.filter((id) => id !== bad));
	expect(inbox.received.filter(({ leadId }) => leadId === bad)).toHaveLength(2);

	inbox.accepts = () => true;
	await trigger.change({ then: [inbox.node], parameters: { ...parameters, options: { retryErrors: true } } });
	await trigger.activate();
	await trigger.drained();
	expect(numbers(await trigger.items())).toContain(bad);
});

const METHODS = ['event.offline.list', 'event.offline.get', 'event.offline.clear', 'event.offline.error'];

/** What the portal knows of a deleted lead's event. */
function state(records: readonly OfflineRecord[], leadId: number): 'gone' | 'aside' | 'waiting' {
	const record = records.find(({ EVENT_DATA }) => JSON.stringify(EVENT_DATA).includes(`"ID":"${leadId}"`));
	if (record === undefined) return 'gone';
	return record.ERROR === '1' && record.PROCESS_ID === '' ? 'aside' : 'waiting';
}

// After a fault of a single call here, the trigger rests for a while, and makes sure of its subscription.
test.concurrent.each<[name: string, fault: () => Fault, methods?: string[], when?: 'after']>([
	['answers 503, at each call', () => ({ status: 503, error: 'QUERY_LIMIT_EXCEEDED' })],
	['answers 429, at each call', () => ({ operatingResetAt: Math.ceil(Date.now() / 1000) + 2 })],
	['answers 401, at each call', () => ({ status: 401, error: 'expired_token' })],
	['drops the connection, at each call', () => 'reset'],
	['does what it is asked and drops the connection, at each call', () => 'reset', METHODS, 'after'],
	['does not answer, at each call', () => 'timeout'],
	['answers 500 once', () => ({ status: 500, error: 'INTERNAL_SERVER_ERROR' }), ['event.offline.list']],
	['answers 403 once', () => ({ status: 403, error: 'ACCESS_DENIED' }), ['event.offline.get']],
	['answers with a page once', () => 'html', ['event.offline.clear']],
	['answers with half of its JSON once', () => 'truncated', ['event.offline.error']],
])('no event is lost where the portal %s', async (_, fault, methods = METHODS, when = undefined) => {
	const { own, trigger, inbox } = await alone({ parameters: { execution: 'perEvent', options: { maxAttempts: 1 } } });
	const bad = Number(own.portal.leads.list()[0]?.ID);
	inbox.accepts = ({ leadId }) => leadId !== bad;
	for (const method of methods) own.portal.faults.next(method, fault(), { when });
	const [, good = 0] = deleteLeads(own, 2);
	await until(
		'the good one is confirmed, the bad one put aside',
		() => state(trigger.records(), good) === 'gone' && state(trigger.records(), bad) === 'aside',
		200_000,
	);
	expect(numbers(inbox.received)).toContain(good);
});

test.concurrent('access that is revoked is reported once, in words, and a reconnect heals it', async () => {
	const { own, trigger } = await alone();
	own.portal.revokeAccessTokens();
	own.portal.revokeRefreshTokens();
	deleteLeads(own, 1);
	const reports = async () =>
		(await trigger.executions('error')).filter(({ error }) => error?.includes('Connect my account'));
	await until('it is reported', async () => (await reports()).length > 0);
	expect(trigger.records()).toHaveLength(1);
	await own.client.connectOAuth2(own.credentials.bitrix24OAuth2Api.id);
	await trigger.drained(200_000);
	expect(await reports()).toHaveLength(1);
});

test.concurrent('no event is lost where the portal moves to a new address', async () => {
	const { own, trigger } = await alone();
	await own.portal.renameTo();
	deleteLeads(own, 1);
	await trigger.drained();
	expect(own.portal.calls.some(({ status }) => status === 302)).toBe(true);
});

test.concurrent(
	'two minutes of trouble behind the trigger cost no event, with everything as it is preset',
	async () => {
		const { own, trigger, inbox } = await alone({ parameters: { checkEvery: 30 } });
		inbox.accepts = () => false;
		const ids = deleteLeads(own, 50);
		await sleep(120_000);
		inbox.accepts = () => true;
		// The third run comes two minutes after the second has failed.
		await trigger.drained(280_000);
		expect(numbers(await trigger.items()).sort((a, b) => a - b)).toEqual(ids);
		expect(trigger.records()).toEqual([]);
	},
);

test.concurrent('an event that was put aside comes back when the same object changes again', async () => {
	const parameters = { events: ['ONCRMLEADUPDATE'], options: { maxAttempts: 1 } };
	const { own, trigger, inbox } = await alone({ parameters });
	const id = Number(own.portal.leads.list()[0]?.ID);
	inbox.accepts = () => false;
	own.portal.leads.update(id, { TITLE: 'One' });
	await until('it is put aside', () => trigger.records().some(({ ERROR }) => ERROR === '1'));
	inbox.accepts = () => true;
	// Time stamps are whole seconds.
	await sleep(3_000);
	own.portal.leads.update(id, { TITLE: 'Two' });
	await trigger.drained(150_000);
	expect(numbers(await trigger.items())).toEqual([id]);
});

const forLong = isLong() ? test.concurrent : test.skip;
forLong(
	'a subscription that vanished is made again within ten minutes, and a failed execution says so',
	async () => {
		const { own, trigger } = await alone();
		const parameters = { event: DELETED, event_type: 'offline', auth_connector: trigger.queueName };
		await clientFor(own.portal)('event.unbind', parameters);
		expect(trigger.collected()).toEqual([]);
		await until('it is collected again', () => trigger.collected().length === 1, 600_000);
		const saved = await until('it is saved', async () => (await trigger.executions('error'))[0]?.error);
		expect(saved).toMatch(/had stopped collecting ONCRMLEADDELETE .* between \d{4}-\d\d-\d\d .* UTC/);
		deleteLeads(own, 1);
		await trigger.drained();
	},
	700_000,
);

test('not one call was above the rate, and no portal called anybody', () => {
	expect(portals.flatMap(({ rateLimited }) => (rateLimited > 0 ? [rateLimited] : []))).toEqual([]);
	expect(portals.flatMap(({ deliveries }) => deliveries)).toEqual([]);
	expect(portals.length).toBeGreaterThan(10);
});
