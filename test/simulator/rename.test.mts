import { clientFor, post } from './client.mjs';
import { useReceiver } from './useReceiver.mjs';
import { useSimulator } from './useSimulator.mjs';

const portal = useSimulator();
const handlers = useReceiver();

describe('a renamed portal', () => {
	it('answers 302 at its old address and works at the new one', async () => {
		const { accessToken } = portal.sim.issueTokens();
		const before = portal.sim.portalUrl;
		const after = await portal.sim.renameTo();
		expect(after).not.toBe(before);
		const response = await fetch(`${before}/rest/profile.json?x=1`, { method: 'POST', redirect: 'manual' });
		expect([response.status, response.headers.get('location')]).toEqual([302, `${after}/rest/profile.json?x=1`]);
		expect((await post(`${after}/rest/profile.json`, {}, accessToken)).status).toBe(200);
	});

	it('keeps its member id, and names the new domain in events', async () => {
		const { sim } = portal;
		const { memberId } = sim;
		await clientFor(sim)('event.bind', { event: 'ONCRMLEADDELETE', handler: handlers.receiver.url });
		const after = await sim.renameTo();
		sim.leads.delete(1);
		await sim.idle();
		expect(handlers.receiver.received[0]?.form.auth).toMatchObject({
			member_id: memberId,
			domain: new URL(after).host,
			client_endpoint: `${after}/rest/`,
		});
	});

	it('logs what still comes to the old address, without running it', async () => {
		const before = portal.sim.portalUrl;
		await portal.sim.renameTo();
		await fetch(`${before}/rest/event.bind.json`, { method: 'POST', redirect: 'manual' });
		expect(portal.sim.calls).toMatchObject([{ method: 'event.bind', status: 302 }]);
	});

	it('can have the domain of a real one', async () => {
		await portal.sim.renameTo('new.bitrix24.com');
		expect(portal.sim.delivery('ONCRMLEADADD', {}).auth.domain).toBe('new.bitrix24.com');
	});
});
