import { outcome } from '../../simulator/index.mjs';
import { clientFor, useSimulator } from './client.mjs';
import { useReceiver } from './receiver.mjs';

const portal = useSimulator({ app: { clientSecret: 'shown-to-copy' } });
const handlers = useReceiver();

const page = async (): Promise<string> => (await fetch(`${portal.sim.portalUrl}/`)).text();

const submit = (path: string, form: string): Promise<Response> =>
	fetch(`${portal.sim.portalUrl}${path}`, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });

const ids = (): string[] => portal.sim.leads.list().map(({ ID }) => ID);

describe('the page', () => {
	it('escapes what others have written', async () => {
		portal.sim.leads.add({ TITLE: '<script>alert("x")</script>' });
		const text = await page();
		expect(text).not.toContain('<script>');
		expect(text).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
	});

	it("changes a lead's title, and tells who listens", async () => {
		await clientFor(portal.sim)('event.bind', { event: 'ONCRMLEADUPDATE', handler: handlers.receiver.url });
		await submit('/leads/rename', 'id=2&title=Another+title&by=1');
		await submit('/leads/rename', 'id=99&title=Of+none&by=1');
		await portal.sim.idle();
		expect(portal.sim.leads.list()[1]).toMatchObject({ ID: '2', TITLE: 'Another title' });
		expect(handlers.receiver.received).toHaveLength(1);
	});

	it('deletes one lead by its button', async () => {
		const response = await submit('/leads/delete', 'ids=1&only=2&by=1');
		expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
		expect(ids()).toEqual(['1', '3']);
	});

	it('deletes the ticked leads', async () => {
		await submit('/leads/delete', 'ids=1&ids=3&by=1');
		expect(ids()).toEqual(['2']);
	});

	it.each([
		['15', '15'],
		['robot', undefined],
	])('acts as %s', async (by, userId) => {
		await clientFor(portal.sim)('event.bind', { event: 'ONCRMLEADDELETE', handler: handlers.receiver.url });
		await submit('/leads/delete', `only=1&by=${by}`);
		await portal.sim.idle();
		expect(Object(handlers.receiver.received[0]?.form.auth).user_id).toBe(userId);
	});

	it('lets a robot do it, whoever is chosen beside the button', async () => {
		await clientFor(portal.sim)('event.bind', { event: 'ONCRMLEADDELETE', handler: handlers.receiver.url });
		await submit('/leads/delete', 'ids=1&by=1&as=robot');
		await portal.sim.idle();
		expect(Object(handlers.receiver.received[0]?.form.auth).user_id).toBeUndefined();
	});

	it('adds a lead with what was filled in', async () => {
		await submit('/leads/add', 'title=From+the+page&company=&by=1');
		expect(portal.sim.leads.list().at(-1)).toEqual({ ID: '4', TITLE: 'From the page', STATUS_ID: 'NEW' });
	});

	it('adds a lead with company, phone, owner and value, in the form of REST', async () => {
		await submit('/leads/add', 'title=Acme+Ltd&company=Acme+Holding&phone=%2B1+202+555+0143&value=2500&owner=15&by=1');
		expect((await clientFor(portal.sim)('crm.lead.get', { id: 4 })).result).toMatchObject({
			COMPANY_TITLE: 'Acme Holding',
			PHONE: [{ VALUE: '+1 202 555 0143', VALUE_TYPE: 'WORK' }],
			OPPORTUNITY: '2500.00',
			CURRENCY_ID: 'EUR',
			ASSIGNED_BY_ID: '15',
		});
		const text = await page();
		for (const shown of ['Acme Holding, +1 202 555 0143', '2500.00 EUR', 'Bob Baker']) expect(text).toContain(shown);
	});

	it('takes the address to send the browser back to', async () => {
		await submit('/app', 'redirectUri=http%3A%2F%2F127.0.0.1%3A5678%2Fcallback&installed=on');
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

	it('says what came of a delivery, with a link to the execution where one is known', async () => {
		handlers.receiver.status = 403;
		portal.sim.executionOf = ({ event }) => ({ id: '7', url: `http://n8n.test/${event}`, status: 'success' });
		await clientFor(portal.sim)('event.bind', { event: 'ONCRMLEADDELETE', handler: handlers.receiver.url });
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
		['has started a workflow', {}, { kind: 'started', why: '' }],
		[
			'has started a workflow of another n8n',
			{ answer: '{"message":"Workflow was started"}' },
			{ kind: 'started', why: '' },
		],
		[
			'was a test of the editor',
			{ handler: 'http://127.0.0.1:5678/webhook-test/1/webhook' },
			{ kind: 'started', why: 'a test: see the editor' },
		],
		[
			'was not selected',
			{ answer: '{"message":"Received"}' },
			{ kind: 'ignored', why: 'not one of the chosen events' },
		],
		[
			'brought the application token',
			{ event: 'ONAPPTEST', answer: '{"message":"Received"}' },
			{ kind: 'ignored', why: 'it brings the application token' },
		],
		['went to no n8n', { answer: 'thanks' }, { kind: 'accepted', why: 'answered 200' }],
		[
			'did not prove itself',
			{
				status: 403,
				answer:
					'{"error":"INVALID_APPLICATION_TOKEN","error_description":"The application token is missing or wrong."}',
			},
			{ kind: 'refused', why: 'The application token is missing or wrong. (INVALID_APPLICATION_TOKEN, 403)' },
		],
		[
			'found no active workflow',
			{ status: 404, answer: '{"code":404,"message":"The requested webhook \\"POST 1/webhook\\" is not registered."}' },
			{
				kind: 'refused',
				why: 'n8n knows no such address: the workflow is not active, or nobody listens for a test event',
			},
		],
		['met a fault', { status: 500, answer: '<html>' }, { kind: 'refused', why: 'no reason given (500)' }],
		['was sent elsewhere', { status: 302, answer: '' }, { kind: 'refused', why: 'no reason given (302)' }],
		[
			'was not answered',
			{ status: null, answer: '', error: 'connect ECONNREFUSED' },
			{ kind: 'lost', why: 'connect ECONNREFUSED. Bitrix24 does not try again.' },
		],
	])('says that it %s', (_what, changes, expected) => {
		expect(outcome({ ...delivery, ...changes })).toEqual(expected);
	});
});
