import { clientFor, post, useSimulator } from './client.mjs';
import { useReceiver } from './receiver.mjs';

const portal = useSimulator();
const handlers = useReceiver();

function raw(method: string, signal?: AbortSignal): Promise<Response> {
	const { accessToken } = portal.sim.issueTokens();
	const body = new URLSearchParams({ auth: accessToken, id: '1' });
	return fetch(`${portal.sim.portalUrl}/rest/${method}`, {
		method: 'POST',
		body,
		redirect: 'manual',
		signal: signal ?? null,
	});
}

const leadIsThere = () => portal.sim.leads.list().some(({ ID }) => ID === '1');

describe('faults.next', () => {
	it('makes one call go wrong, and the next one right', async () => {
		const call = clientFor(portal.sim);
		portal.sim.faults.next('profile', { status: 503, error: 'OVERLOAD_LIMIT', description: 'Blocked' });
		const refused = { status: 503, error: 'OVERLOAD_LIMIT', error_description: 'Blocked' };
		expect(await call('profile')).toMatchObject(refused);
		expect((await call('profile')).status).toBe(200);
	});

	it('strikes as often as it is told to, the method it is told to', async () => {
		const call = clientFor(portal.sim);
		portal.sim.faults.next('profile', { status: 500, error: 'X' }, 2);
		const statuses = [];
		for (const method of ['app.info', 'profile', 'profile', 'profile']) statuses.push((await call(method)).status);
		expect(statuses).toEqual([200, 500, 500, 200]);
	});

	it('knows * for any method', async () => {
		portal.sim.faults.next('*', { status: 500, error: 'X' });
		expect((await clientFor(portal.sim)('app.info')).status).toBe(500);
	});

	it('can cut the connection before anything was done', async () => {
		portal.sim.faults.next('crm.lead.delete', 'reset');
		await expect(raw('crm.lead.delete')).rejects.toThrow('fetch failed');
		expect(leadIsThere()).toBe(true);
		expect(portal.sim.calls).toMatchObject([{ method: 'crm.lead.delete', status: 0, error: 'reset' }]);
	});

	it('can lose the answer of a call that took effect', async () => {
		portal.sim.faults.next('crm.lead.delete', 'reset', { when: 'after' });
		await expect(raw('crm.lead.delete')).rejects.toThrow('fetch failed');
		expect(leadIsThere()).toBe(false);
	});

	it.each(['before', 'after'] as const)('can leave a call without an answer, %s it took effect', async (when) => {
		portal.sim.faults.next('crm.lead.delete', 'timeout', { when });
		const giveUp = new AbortController();
		const answer = raw('crm.lead.delete', giveUp.signal).then(
			() => 'answered',
			() => 'given up',
		);
		while (portal.sim.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
		giveUp.abort();
		expect([await answer, leadIsThere()]).toEqual(['given up', when === 'before']);
	});

	it('can answer with a page', async () => {
		portal.sim.faults.next('profile', 'html');
		const response = await raw('profile');
		expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
	});

	it('can break JSON off', async () => {
		portal.sim.faults.next('profile', 'truncated');
		const text = await (await raw('profile')).text();
		expect(text).toMatch(/^\{"result":/);
		expect(() => JSON.parse(text)).toThrow(SyntaxError);
	});

	it('can redirect', async () => {
		portal.sim.faults.next('profile', { redirect: 'https://elsewhere.example/' });
		const response = await raw('profile');
		expect([response.status, response.headers.get('location')]).toEqual([302, 'https://elsewhere.example/']);
	});

	it('can answer anything', async () => {
		portal.sim.faults.next('profile', { body: { result: null } });
		expect(await (await raw('profile')).json()).toEqual({ result: null });
	});

	it('can answer late, and truly', async () => {
		portal.sim.faults.next('profile', { delayMs: 20 });
		expect((await clientFor(portal.sim)('profile')).result).toMatchObject({ ID: '1' });
	});

	it('can exceed the execution time, and tell until when', async () => {
		portal.sim.faults.next('profile', { operatingResetAt: 1_750_000_600 });
		expect(await clientFor(portal.sim)('profile')).toMatchObject({
			status: 429,
			error: 'OPERATION_TIME_LIMIT',
			time: { operating_reset_at: 1_750_000_600 },
		});
	});

	it('reaches the authorization server', async () => {
		portal.sim.faults.next('oauth.token', { status: 400, error: 'PAYMENT_REQUIRED' });
		const reply = await post(`${portal.sim.authorizationServer}/oauth/token/`, {});
		expect(reply).toMatchObject({ status: 400, error: 'PAYMENT_REQUIRED' });
	});

	it('ends with faults.clear', async () => {
		portal.sim.faults.next('*', 'reset', 100);
		portal.sim.faults.clear();
		expect((await raw('profile')).status).toBe(200);
	});
});

describe('faults.deliveries', () => {
	beforeEach(async () => {
		await clientFor(portal.sim)('event.bind', { event: 'ONCRMLEADDELETE', handler: handlers.receiver.url });
	});

	it('can lose deliveries for good', async () => {
		portal.sim.faults.deliveries = 'lost';
		portal.sim.leads.delete(1);
		await portal.sim.idle();
		expect(handlers.receiver.received).toEqual([]);
		expect(portal.sim.deliveries).toMatchObject([
			{ status: null, error: 'lost', form: { data: { FIELDS: { ID: '1' } } } },
		]);
	});

	it('can make them late', async () => {
		portal.sim.faults.deliveries = { slow: 20 };
		portal.sim.leads.delete(1);
		await portal.sim.idle();
		expect(handlers.receiver.received).toHaveLength(1);
	});
});
