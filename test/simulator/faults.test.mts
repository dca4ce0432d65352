import { clientFor, useSimulator } from './client.mjs';
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
	it('strikes as often as it is told to, the method it is told to', async () => {
		const call = clientFor(portal.sim);
		portal.sim.faults.next('profile', { status: 500, error: 'X' }, 2);
		const statuses = [];
		for (const method of ['app.info', 'profile', 'profile', 'profile']) statuses.push((await call(method)).status);
		expect(statuses).toEqual([200, 500, 500, 200]);
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

	it('can answer late, and truly', async () => {
		portal.sim.faults.next('profile', { delayMs: 20 });
		expect((await clientFor(portal.sim)('profile')).result).toMatchObject({ ID: '1' });
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
});
