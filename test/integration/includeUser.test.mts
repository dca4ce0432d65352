import type { Fault } from '../../simulator/index.mjs';
import { asApp } from './support/activeTrigger.mjs';
import { useTrigger } from './support/useTrigger.mjs';

const openTrigger = useTrigger();
const parameters = { events: ['ONCRMLEADDELETE'], options: { includeUser: true } };
const nobody = { leadId: 1, userName: null, userIsAdmin: null };

test.each([
	[1, { userId: 1, userName: 'Alice Archer', userIsAdmin: true }],
	[15, { userId: 15, userName: 'Bob Baker', userIsAdmin: false }],
])("user %d is named, with the event's own token", async (by, user) => {
	const { n8n, portal, settled } = await asApp(openTrigger, { parameters });
	portal.clearCalls();
	portal.leads.delete(1, { by });
	await settled();
	expect(n8n.executions).toMatchObject([{ items: [{ leadId: 1, ...user }] }]);
	expect(portal.calls).toMatchObject([{ method: 'profile', userId: by }]);
});

test('a robot has no name, and nobody is asked for it', async () => {
	const { n8n, portal, settled } = await asApp(openTrigger, { parameters });
	portal.clearCalls();
	portal.leads.delete(1, { by: 'robot' });
	await settled();
	expect(n8n.executions).toMatchObject([{ items: [{ ...nobody, userId: null }] }]);
	expect(portal.calls).toEqual([]);
});

const failures: Array<[string, Fault]> = [
	['is over the rate limit', { status: 503, error: 'QUERY_LIMIT_EXCEEDED' }],
	['finds its token expired', { status: 401, error: 'expired_token' }],
	['breaks off', 'reset'],
	['answers with a page', 'html'],
	['is sent elsewhere', { redirect: 'http://127.0.0.1:1/' }],
	['is never answered', 'timeout'],
];

test.each(failures)('a look-up that %s never loses the event', async (_, fault) => {
	const { n8n, portal, settled } = await asApp(openTrigger, { parameters });
	portal.faults.next('profile', fault, 9);
	portal.leads.delete(1);
	await settled();
	expect(n8n.executions).toMatchObject([{ items: [{ ...nobody, userId: 1 }] }]);
	expect(portal.deliveries.at(-1)).toMatchObject({ status: 200 });
});

test('no address that a delivery names is ever asked', async () => {
	const { n8n, portal, genuine, receive } = await asApp(openTrigger, { parameters });
	const delivery = await genuine({ client_endpoint: 'http://127.0.0.1:1/rest/', domain: '127.0.0.1:1' });
	portal.clearCalls();
	await receive(delivery);
	expect(n8n.executions).toMatchObject([{ items: [{ userName: 'Alice Archer' }] }]);
	expect(portal.calls.filter(({ method }) => method === 'profile')).toMatchObject([{ status: 200 }]);
});
