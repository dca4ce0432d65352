import { clientFor } from './client.mjs';
import { useReceiver } from './useReceiver.mjs';
import { useSimulator } from './useSimulator.mjs';

const portal = useSimulator({ app: { clientSecret: 'shown-to-copy' } });
const handlers = useReceiver();

const page = async (): Promise<string> => (await fetch(`${portal.sim.portalUrl}/`)).text();

const submit = (path: string, fields: Array<[string, string]>): Promise<Response> =>
	fetch(`${portal.sim.portalUrl}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });

const ids = (): string[] => portal.sim.leads.list().map(({ ID }) => ID);

describe('the page', () => {
	it('says that it is a simulation', async () => {
		expect(await page()).toContain('This is a <b>simulation</b>');
	});

	it('escapes what others have written', async () => {
		portal.sim.leads.add({ TITLE: '<script>alert("x")</script>' });
		const text = await page();
		expect(text).not.toContain('<script>');
		expect(text).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
	});

	it('deletes one lead by its button', async () => {
		const fields: Array<[string, string]> = [
			['ids', '1'],
			['only', '2'],
			['by', '1'],
		];
		const response = await submit('/leads/delete', fields);
		expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
		expect(ids()).toEqual(['1', '3']);
	});

	it('deletes the ticked leads', async () => {
		await submit('/leads/delete', [
			['ids', '1'],
			['ids', '3'],
			['by', '1'],
		]);
		expect(ids()).toEqual(['2']);
	});

	it('deletes nothing when nothing is ticked', async () => {
		await submit('/leads/delete', [['by', '1']]);
		expect(ids()).toEqual(['1', '2', '3']);
	});

	it.each([
		['15', '15'],
		['robot', undefined],
	])('acts as %s', async (by, userId) => {
		await clientFor(portal.sim)('event.bind', { event: 'ONCRMLEADDELETE', handler: handlers.receiver.url });
		await submit('/leads/delete', [
			['only', '1'],
			['by', by],
		]);
		await portal.sim.idle();
		expect(Object(handlers.receiver.received[0]?.form.auth).user_id).toBe(userId);
	});

	it('adds a lead', async () => {
		await submit('/leads/add', [
			['title', 'From the page'],
			['by', '1'],
		]);
		expect(portal.sim.leads.list().at(-1)?.TITLE).toBe('From the page');
	});

	it('takes the address to send the browser back to', async () => {
		await submit('/app', [
			['redirectUri', 'http://127.0.0.1:5678/callback'],
			['installed', 'on'],
		]);
		expect(portal.sim.app).toMatchObject({ redirectUri: 'http://127.0.0.1:5678/callback', installed: true });
	});

	it('shows handlers, the offline queue and the log of deliveries, without tokens', async () => {
		const call = clientFor(portal.sim);
		await call('event.bind', { event: 'ONCRMLEADDELETE', handler: handlers.receiver.url });
		await call('event.bind', { event: 'ONCRMLEADDELETE', event_type: 'offline', auth_connector: 'my-queue' });
		portal.sim.leads.delete(1);
		await portal.sim.idle();
		const text = await page();
		for (const shown of [handlers.receiver.url, 'my-queue', 'waiting', 'thanks', 'shown-to-copy']) {
			expect(text).toContain(shown);
		}
		const auth = Object(portal.sim.deliveries[0]?.form.auth);
		expect(text).not.toContain(auth.application_token);
		expect(text).not.toContain(auth.access_token);
	});
});
