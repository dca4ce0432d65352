import { clientFor, post, useSimulator } from './client.mjs';
import { useReceiver } from './receiver.mjs';
import type { Fault } from '../../simulator/index.mjs';

const portal = useSimulator();
const handlers = useReceiver();

function raw(method: string, signal: AbortSignal | null = null): Promise<Response> {
	const body = new URLSearchParams({ auth: portal.sim.issueTokens().accessToken, id: '1' });
	return fetch(`${portal.sim.portalUrl}/rest/${method}`, { method: 'POST', body, redirect: 'manual', signal });
}

const leadIsThere = () => portal.sim.leads.list().some(({ ID }) => ID === '1');

it('strikes as often as it is told to, the method it is told to', async () => {
	const call = clientFor(portal.sim);
	portal.sim.faults.next('profile', { status: 500, error: 'X' }, 2);
	const statuses = [];
	for (const method of ['app.info', 'profile', 'profile', 'profile']) statuses.push((await call(method)).status);
	expect(statuses).toEqual([200, 500, 500, 200]);
});

it('knows * for any method, until it is cleared', async () => {
	portal.sim.faults.next('*', { status: 500, error: 'X' }, 100);
	expect((await raw('app.info')).status).toBe(500);
	portal.sim.faults.clear();
	expect((await raw('app.info')).status).toBe(200);
});

it.each(['before', 'after'] as const)('can cut the connection %s the call took effect', async (when) => {
	portal.sim.faults.next('crm.lead.delete', 'reset', { when });
	await expect(raw('crm.lead.delete')).rejects.toThrow('fetch failed');
	expect(leadIsThere()).toBe(when === 'before');
	expect(portal.sim.calls).toMatchObject([{ method: 'crm.lead.delete', status: 0, error: 'reset' }]);
});

it.each(['before', 'after'] as const)('can leave a call without an answer, %s it took effect', async (when) => {
	portal.sim.faults.next('crm.lead.delete', 'timeout', { when });
	const giveUp = new AbortController();
	const answer = expect(raw('crm.lead.delete', giveUp.signal)).rejects.toThrow('aborted');
	while (portal.sim.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
	giveUp.abort();
	await answer;
	expect(leadIsThere()).toBe(when === 'before');
});

it.each<[string, Fault, number, RegExp]>([
	['with an error', { status: 503, error: 'X', description: 'Y' }, 503, /^{"error":"X","error_description":"Y"}$/],
	['with a page', 'html', 200, /^<!DOCTYPE html>/],
	['with JSON that breaks off', 'truncated', 200, /^\{"result":.*[^}]$/],
	['with a redirect', { redirect: 'https://elsewhere.example/' }, 302, /elsewhere\.example/],
	['with anything', { body: { result: null } }, 200, /^{"result":null}$/],
	['late, and truly', { delayMs: 20 }, 200, /"ID":"1"/],
	['until when it is blocked', { operatingResetAt: 1_750_000_600 }, 429, /"operating_reset_at":1750000600/],
])('can answer %s', async (_what, fault, status, text) => {
	portal.sim.faults.next('profile', fault);
	const response = await raw('profile');
	expect([response.status, await response.text()]).toEqual([status, expect.stringMatching(text)]);
});

it('reaches the authorization server', async () => {
	portal.sim.faults.next('oauth.token', { status: 400, error: 'PAYMENT_REQUIRED' });
	const reply = await post(`${portal.sim.authorizationServer}/oauth/token/`, {});
	expect(reply).toMatchObject({ status: 400, error: 'PAYMENT_REQUIRED' });
});

it('can lose deliveries for good', async () => {
	await clientFor(portal.sim)('event.bind', { event: 'ONCRMLEADDELETE', handler: handlers.receiver.url });
	portal.sim.faults.deliveries = 'lost';
	portal.sim.leads.delete(1);
	await portal.sim.idle();
	expect(handlers.receiver.received).toEqual([]);
	const form = { data: { FIELDS: { ID: '1' } } };
	expect(portal.sim.deliveries).toMatchObject([{ status: null, error: 'lost', form }]);
});
