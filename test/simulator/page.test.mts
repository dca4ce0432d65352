import { clientFor, useSimulator } from './client.mjs';
import { useReceiver } from './receiver.mjs';
import { isItemOf } from '../../demo/isItemOf.mjs';
import { outcome } from '../../simulator/index.mjs';

const portal = useSimulator({ app: { clientSecret: 'shown-to-copy' } });
const handlers = useReceiver();

const page = async (): Promise<string> => (await fetch(`${portal.sim.portalUrl}/`)).text();

const submit = (path: string, form: string): Promise<Response> =>
	fetch(`${portal.sim.portalUrl}${path}`, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });

const bind = (event: string) => clientFor(portal.sim)('event.bind', { event, handler: handlers.receiver.url });

describe('the page', () => {
	it('says that it is a simulation, and escapes what others have written', async () => {
		portal.sim.leads.add({ TITLE: '<script>alert("x")</script>' });
		const text = await page();
		expect(text).toContain('This is a <b>simulation</b>');
		expect(text).not.toContain('<script>');
		expect(text).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
	});

	it("changes a lead's title, and tells who listens", async () => {
		await bind('ONCRMLEADUPDATE');
		await submit('/leads/rename', 'id=2&title=Another+title&by=1');
		await submit('/leads/rename', 'id=99&title=Of+none&by=1');
		await portal.sim.idle();
		expect(portal.sim.leads.list()[1]).toMatchObject({ ID: '2', TITLE: 'Another title' });
		expect(handlers.receiver.received).toHaveLength(1);
	});

	it.each([
		['a lead by its button', 'ids=1&only=2&by=1', ['1', '3']],
		['the ticked leads', 'ids=1&ids=3&by=1', ['2']],
		['nothing when nothing is ticked', 'by=1', ['1', '2', '3']],
	])('deletes %s', async (_what, form, left) => {
		const response = await submit('/leads/delete', form);
		expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
		expect(portal.sim.leads.list().map(({ ID }) => ID)).toEqual(left);
	});

	it.each([
		['by=15', '15'],
		['by=robot', undefined],
		['by=1&as=robot', undefined],
	])('acts as whoever is chosen: %s', async (actor, userId) => {
		await bind('ONCRMLEADDELETE');
		await submit('/leads/delete', `only=1&${actor}`);
		await portal.sim.idle();
		expect(Object(handlers.receiver.received[0]?.form.auth).user_id).toBe(userId);
	});

	it('adds a lead with what was filled in, in the form of REST', async () => {
		await submit('/leads/add', 'title=From+the+page&company=&by=1');
		await submit('/leads/add', 'title=Acme+Ltd&company=Acme+Holding&phone=%2B1+202+555+0143&value=2500&owner=15&by=1');
		expect(portal.sim.leads.list().slice(-2)).toEqual([
			{ ID: '4', TITLE: 'From the page', STATUS_ID: 'NEW' },
			{
				...{ ID: '5', TITLE: 'Acme Ltd', STATUS_ID: 'NEW', COMPANY_TITLE: 'Acme Holding', ASSIGNED_BY_ID: '15' },
				...{ PHONE: [{ VALUE: '+1 202 555 0143', VALUE_TYPE: 'WORK' }], OPPORTUNITY: '2500.00', CURRENCY_ID: 'EUR' },
			},
		]);
		const text = await page();
		for (const shown of ['Acme Holding, +1 202 555 0143', '2500.00 EUR', 'Bob Baker']) expect(text).toContain(shown);
	});

	it('takes the address to send the browser back to', async () => {
		await submit('/app', 'redirectUri=http%3A%2F%2F127.0.0.1%3A5678%2Fcallback&installed=on');
		expect(portal.sim.app).toMatchObject({ redirectUri: 'http://127.0.0.1:5678/callback', installed: true });
	});

	it('shows handlers, the offline queue and the log of deliveries, without tokens', async () => {
		await bind('ONCRMLEADDELETE');
		const queue = { event: 'ONCRMLEADDELETE', event_type: 'offline', auth_connector: 'my-queue' };
		await clientFor(portal.sim)('event.bind', queue);
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

	it('says what came of a delivery, with a link to the execution where one is known', async () => {
		handlers.receiver.status = 403;
		portal.sim.executionOf = ({ event }) => ({ id: '7', url: `http://n8n.test/${event}`, status: 'success' });
		await bind('ONCRMLEADDELETE');
		portal.sim.leads.delete(1);
		await portal.sim.idle();
		const text = await page();
		expect(text).toContain('Refused');
		expect(text).toMatch(/<a href="http:\/\/n8n\.test\/ONCRMLEADDELETE"[^>]*>Execution 7: success<\/a>/);
	});

	it('shows no more than a window can bear of very many leads', async () => {
		for (let count = portal.sim.leads.list().length; count < 150; count++) portal.sim.leads.add();
		const text = await page();
		expect(text.match(/id="delete-\d+"/g)).toHaveLength(100);
		expect(text).toContain('The first 100 of 150.');
	});
});

describe('what became of a delivery', () => {
	const delivery = {
		event: 'ONCRMLEADDELETE',
		handler: 'http://127.0.0.1:5678/webhook/1/webhook',
		status: 200,
		answer: 'firstEntryJson',
	};

	it.each([
		['started', '', {}],
		['started', '', { answer: '{"message":"Workflow was started"}' }],
		['started', 'a test: see the editor', { handler: 'http://127.0.0.1:5678/webhook-test/1/webhook' }],
		['ignored', 'not one of the chosen events', { answer: '{"message":"Received"}' }],
		['ignored', 'it brings the application token', { event: 'ONAPPTEST', answer: '{"message":"Received"}' }],
		['accepted', 'answered 200', { answer: 'thanks' }],
		[
			'refused',
			'The token is wrong. (INVALID_APPLICATION_TOKEN, 403)',
			{ status: 403, answer: '{"error":"INVALID_APPLICATION_TOKEN","error_description":"The token is wrong."}' },
		],
		[
			'refused',
			'n8n knows no such address: the workflow is not active, or nobody listens for a test event',
			{ status: 404, answer: '{"code":404,"message":"The requested webhook \\"POST 1/webhook\\" is not registered."}' },
		],
		['refused', 'no reason given (500)', { status: 500, answer: '<html>' }],
		['refused', 'no reason given (302)', { status: 302, answer: '' }],
		[
			'lost',
			'connect ECONNREFUSED. Bitrix24 does not try again.',
			{ status: null, answer: '', error: 'connect ECONNREFUSED' },
		],
	])('is told as %s: %s', (kind, why, changes) => {
		expect(outcome({ ...delivery, ...changes })).toEqual({ kind, why });
	});
});

describe('the execution of a delivery', () => {
	const delivery = { event: 'ONCRMLEADDELETE', form: { ts: '1742807199', data: { FIELDS: { ID: '1000983' } } } };
	const simplified = { event: 'ONCRMLEADDELETE', id: 1000983, sentAt: '2025-03-24T09:06:39.000Z' };
	const raw = { event: 'ONCRMLEADDELETE', ...delivery.form };

	it.each([
		['the simplified item', true, simplified],
		['the raw item', true, raw],
		['an item of another event', false, { ...simplified, event: 'ONCRMLEADADD' }],
		['an item of another lead', false, { ...simplified, id: 1000984 }],
		['a raw item of another lead', false, { ...raw, data: { FIELDS: { ID: '1000984' } } }],
		['an item of another time', false, { ...simplified, sentAt: '2025-03-24T09:06:40.000Z' }],
		['a raw item of another time', false, { ...raw, ts: '1742807200' }],
	])('is known by its item: %s is %s', (_what, known, item) => {
		expect(isItemOf(item, delivery)).toBe(known);
	});

	it('is known by event and time alone, where the event has no id', () => {
		const form = { ts: '1742807199' };
		expect(isItemOf({ event: 'ONOFFLINEEVENT', ts: '1742807199' }, { event: 'ONOFFLINEEVENT', form })).toBe(true);
	});
});
