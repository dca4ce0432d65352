import type { Fault } from '../../simulator/index.mjs';
import { type Inbox, startInbox } from './support/inbox.mjs';
import { QueueTrigger } from './support/QueueTrigger.mjs';
import { until } from './support/until.mjs';
import { openWorld, type World } from './support/world.mjs';

jest.setTimeout(300_000);

const LEADS = 100;
const METHODS = ['event.offline.list', 'event.offline.get', 'event.offline.clear', 'event.offline.error'];

let world: World;
let inbox: Inbox;
let trigger: QueueTrigger;
beforeAll(async () => {
	world = await openWorld({
		portal: { rate: { perSecond: 2, burst: 50 }, leads: Array.from({ length: LEADS }, () => ({})) },
	});
	inbox = await startInbox();
	trigger = await QueueTrigger.active(world, {
		parameters: { execution: 'perEvent', options: { maxAttempts: 1 } },
		then: [inbox.node],
	});
});
afterEach(() => world.portal.faults.clear());
afterAll(async () => {
	await inbox?.stop();
	await world?.close();
});

/** Ids of leads that nobody has deleted yet: the first two. */
function twoLeads(): [number, number] {
	const [one, other] = world.portal.leads.list().map(({ ID }) => Number(ID));
	if (one === undefined || other === undefined) throw new Error('No lead is left');
	return [one, other];
}

/** Lets calls go wrong while two leads are deleted, one of which the workflow does not accept. */
async function survives(methods: readonly string[], fault: Fault, when: 'before' | 'after' = 'before'): Promise<void> {
	const [good, bad] = twoLeads();
	inbox.accepts = ({ leadId }) => leadId !== bad;
	for (const method of methods) world.portal.faults.next(method, fault, { when });
	world.portal.leads.delete([bad, good]);
	await until(
		'the good one is confirmed, the bad one put aside',
		() => state(good) === 'gone' && state(bad) === 'aside',
		150_000,
	);
	expect(inbox.received.filter(({ leadId }) => leadId === good).length).toBeGreaterThan(0);
}

test.each<[name: string, fault: () => Fault, when: 'before' | 'after']>([
	['answers 503', () => ({ status: 503, error: 'QUERY_LIMIT_EXCEEDED' }), 'before'],
	['answers 429', () => ({ operatingResetAt: Math.ceil(Date.now() / 1000) + 2 }), 'before'],
	['answers 401', () => ({ status: 401, error: 'expired_token' }), 'before'],
	['drops the connection', () => 'reset', 'before'],
	['does what it is asked and drops the connection', () => 'reset', 'after'],
	['does not answer', () => 'timeout', 'before'],
])('a portal that %s, at each call, costs no event', async (_, fault, when) => await survives(METHODS, fault(), when));

// After each of these the trigger rests for a while, and makes sure of its subscription.
test.each<[name: string, fault: Fault, method: string]>([
	['answers 500', { status: 500, error: 'INTERNAL_SERVER_ERROR' }, 'event.offline.list'],
	['answers 403', { status: 403, error: 'ACCESS_DENIED' }, 'event.offline.get'],
	['answers with a page', 'html', 'event.offline.clear'],
	['answers with half of its JSON', 'truncated', 'event.offline.error'],
])('a portal that %s, costs no event', async (_, fault, method) => await survives([method], fault));

/** What the portal knows of a deleted lead's event. */
function state(leadId: number): 'gone' | 'aside' | 'waiting' {
	const data = { FIELDS: { ID: String(leadId) } };
	const record = trigger.records().find(({ EVENT_DATA }) => JSON.stringify(EVENT_DATA) === JSON.stringify(data));
	if (record === undefined) return 'gone';
	return record.ERROR === '1' && record.PROCESS_ID === '' ? 'aside' : 'waiting';
}

test('access that is revoked is reported once, in words, and a reconnect heals it', async () => {
	const [lead] = twoLeads();
	inbox.accepts = () => true;
	world.portal.revokeAccessTokens();
	world.portal.revokeRefreshTokens();
	world.portal.leads.delete(lead);
	const failed = await until('it is reported', async () => {
		const all = await trigger.executions('error');
		const told = all.filter(({ error }) => error?.includes('Connect my account'));
		return told.length > 0 && told;
	});
	expect(failed).toHaveLength(1);
	expect(state(lead)).toBe('waiting');
	await world.client.connectOAuth2(world.credentials.bitrix24OAuth2Api.id);
	await until('the event has run', () => state(lead) === 'gone', 150_000);
	const all = await trigger.executions('error');
	expect(all.filter(({ error }) => error?.includes('Connect my account'))).toHaveLength(1);
});

test('a portal that moves to a new address costs no event', async () => {
	const [lead] = twoLeads();
	await world.portal.renameTo();
	world.portal.leads.delete(lead);
	await until('the event has run', () => state(lead) === 'gone', 60_000);
	expect(world.portal.calls.some(({ status }) => status === 302)).toBe(true);
});

test('not one call was above the rate, and the portal called nobody', () => {
	expect(world.portal.rateLimited).toBe(0);
	expect(world.portal.deliveries).toEqual([]);
});
