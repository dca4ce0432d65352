import fc from 'fast-check';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import qs from 'qs';
import { clientFor, post, useSimulator } from './client.mjs';
import { useReceiver } from './receiver.mjs';
import { phpForm, type Simulator, startSimulator } from '../../simulator/index.mjs';

const portal = useSimulator({ now: () => 1_727_018_926_000 });
const handlers = useReceiver();

const bind = (event: string, userId?: number) =>
	clientFor(portal.sim, userId)('event.bind', { event, handler: handlers.receiver.url });

/** What the handler has got, once nothing is under way. */
async function received() {
	await portal.sim.idle();
	return handlers.receiver.received.map((one) => ({ ...one, auth: Object(one.form.auth) }));
}

/** A delivery that somebody else captured from a real portal (b24phpsdk's test data, the token replaced). */
const CAPTURED =
	'event=ONCRMCONTACTADD&event_handler_id=58&data%5BFIELDS%5D%5BID%5D=134806&ts=1727018926&auth%5Baccess_token%5D=be45f0660071849a0058f18a000000010000077261ef50fc26f1357adbd86a052c9e48&auth%5Bexpires%5D=1727022526&auth%5Bexpires_in%5D=3600&auth%5Bscope%5D=crm%2Cplacement%2Cuser_brief&auth%5Bdomain%5D=bitrix24-php-sdk-playground.bitrix24.com&auth%5Bserver_endpoint%5D=https%3A%2F%2Foauth.bitrix.info%2Frest%2F&auth%5Bstatus%5D=L&auth%5Bclient_endpoint%5D=https%3A%2F%2Fbitrix24-php-sdk-playground.bitrix24.com%2Frest%2F&auth%5Bmember_id%5D=010b6886ebc205e43ae65000ee00addb&auth%5Buser_id%5D=1&auth%5Bapplication_token%5D=TOKEN';

const keysOf = (form = ''): string[] => form.split('&').map((pair) => pair.replace(/=.*/, ''));

describe('a delivery', () => {
	it('has the keys of a real one, in its order and encoding, and its headers', async () => {
		await bind('ONCRMCONTACTADD');
		portal.sim.fire('ONCRMCONTACTADD', { FIELDS: { ID: 134806 } });
		const [got] = await received();
		expect(keysOf(got?.body)).toEqual(keysOf(CAPTURED));
		const contentType = 'application/x-www-form-urlencoded';
		expect(got).toMatchObject({ userAgent: 'Bitrix24 Webhook Engine', contentType });
	});

	it('carries the event, the portal and a live token of the user, all strings', async () => {
		const { sim } = portal;
		await bind('ONCRMLEADDELETE');
		sim.leads.delete(2, { by: 15 });
		const [got] = await received();
		expect(got?.form).toEqual({
			event: 'ONCRMLEADDELETE',
			event_handler_id: expect.stringMatching(/^\d+$/),
			data: { FIELDS: { ID: '2' } },
			ts: '1727018926',
			auth: {
				access_token: expect.stringMatching(/^[0-9a-f]{70}$/),
				expires: '1727022526',
				expires_in: '3600',
				scope: 'crm,task,user_brief',
				domain: new URL(sim.portalUrl).host,
				server_endpoint: `${sim.authorizationServer}/rest/`,
				status: 'L',
				client_endpoint: `${sim.portalUrl}/rest/`,
				member_id: sim.memberId,
				user_id: '15',
				application_token: sim.app.applicationToken,
			},
		});
		const profile = await post(`${sim.portalUrl}/rest/profile`, {}, got?.auth.access_token);
		expect(profile.result).toMatchObject({ ID: '15' });
	});

	it('knows no user when a robot did it', async () => {
		await bind('ONCRMLEADDELETE');
		portal.sim.leads.delete(1, { by: 'robot' });
		const keys = ['scope', 'domain', 'server_endpoint', 'status', 'client_endpoint', 'member_id', 'application_token'];
		expect(Object.keys((await received())[0]?.auth)).toEqual(keys);
	});

	it('goes to every app that has bound the event, each with its own token', async () => {
		await bind('ONCRMLEADDELETE');
		portal.sim.bindForOtherApp('ONCRMLEADDELETE', handlers.receiver.url);
		portal.sim.leads.delete(1);
		const tokens = (await received()).map(({ auth }) => auth.application_token).sort();
		expect(tokens).toEqual([portal.sim.app, portal.sim.otherApp].map((app) => app.applicationToken).sort());
	});

	it('is not made before the installation is complete', async () => {
		portal.sim.app.installed = false;
		await bind('ONCRMLEADDELETE');
		portal.sim.leads.delete(1);
		expect(await received()).toEqual([]);
	});

	it('reaches a handler bound without administrator rights for its user’s actions only', async () => {
		await bind('ONCRMLEADDELETE', 15);
		portal.sim.leads.delete(1, { by: 1 });
		portal.sim.leads.delete(2, { by: 15 });
		portal.sim.leads.delete(3, { by: 'robot' });
		expect((await received()).map(({ form }) => form.data)).toEqual([{ FIELDS: { ID: '2' } }]);
	});

	it('is tried once, whatever the handler answers, and is lost at a dead host', async () => {
		handlers.receiver.status = 503;
		await bind('ONCRMLEADDELETE');
		portal.sim.leads.delete(1);
		expect(await received()).toHaveLength(1);
		await handlers.receiver.stop();
		portal.sim.leads.delete(2);
		await portal.sim.idle();
		expect(portal.sim.deliveries).toMatchObject([
			{ event: 'ONCRMLEADDELETE', status: 503, answer: 'thanks' },
			{ status: null, error: expect.stringContaining('ECONNREFUSED') },
		]);
	});

	it('of ONOFFLINEEVENT comes once for many, has no data at all, and a refresh token', async () => {
		await bind('ONOFFLINEEVENT');
		await clientFor(portal.sim)('event.bind', { event: 'ONCRMLEADDELETE', event_type: 'offline' });
		portal.sim.leads.delete([1, 2, 3]);
		const got = await received();
		expect(got).toMatchObject([{ auth: { refresh_token: expect.any(String) } }]);
		expect(got[0]?.form).not.toHaveProperty('data');
	});

	it('of event.test brings its parameters back, without the token, to no other app', async () => {
		await bind('ONAPPTEST');
		portal.sim.bindForOtherApp('ONAPPTEST', `${handlers.receiver.url}?other`);
		const params = { proof: 'a&b=c', nested: { list: [1, 2] }, none: null };
		expect((await clientFor(portal.sim)('event.test', params)).result).toBe(1);
		const got = await received();
		const data = { QUERY: { proof: 'a&b=c', nested: { list: ['1', '2'] } }, LANGUAGE_ID: 'en' };
		expect(got.map(({ form }) => form.data)).toEqual([data]);
	});

	it('of an outgoing webhook has a token of its own, and neither scope, status nor user', async () => {
		const { sim } = portal;
		const { applicationToken } = sim.outgoingWebhooks.add({ url: handlers.receiver.url, events: ['onCrmLeadDelete'] });
		sim.leads.delete(1);
		sim.leads.add();
		expect((await received()).map(({ auth }) => auth)).toEqual([
			{
				domain: sim.domain,
				client_endpoint: `${sim.portalUrl}/rest/`,
				server_endpoint: `${sim.authorizationServer}/rest/`,
				member_id: sim.memberId,
				application_token: applicationToken,
			},
		]);
		expect(applicationToken).toMatch(/^[a-z0-9]{32}$/);
	});

	it('that an outsider makes carries no token', async () => {
		await portal.sim.forge({ url: handlers.receiver.url });
		const sent = handlers.receiver.received[0]?.body;
		expect(sent).toContain('event=ONCRMLEADDELETE');
		expect(sent).not.toContain('token');
	});
});

describe('the queue server', () => {
	/** A handler that answers when it is told to. */
	let open: ServerResponse[];
	const server = createServer((_request, response) => void open.push(response));
	let sim: Simulator;

	const until = async (condition: () => boolean): Promise<void> => {
		while (!condition()) await new Promise((resolve) => setImmediate(resolve));
	};

	beforeAll(async () => await once(server.listen(0, '127.0.0.1'), 'listening'));
	afterAll(() => server.close());

	beforeEach(async () => {
		open = [];
		sim = await startSimulator({ deliveryDelay: 0, deliveryParallel: 2 });
		const address = server.address();
		const port = typeof address === 'object' ? address?.port : 0;
		sim.outgoingWebhooks.add({ url: `http://127.0.0.1:${port}/`, events: ['ONCRMLEADDELETE'] });
	});
	afterEach(() => sim.stop());

	it('has no more deliveries under way than it is allowed, and is not idle before they are answered', async () => {
		sim.leads.delete([1, 2, 3]);
		let idle = false;
		const settled = sim.idle().then(() => (idle = true));
		let most = 0;
		for (let answered = 0; answered < 3; answered++) {
			await until(() => open.length > 0);
			most = Math.max(most, open.length);
			expect(idle).toBe(false);
			open.shift()?.end();
		}
		await settled;
		expect([most <= 2, sim.deliveries.length]).toEqual([true, 3]);
	});

	it('breaks off what is under way and drops what waits when it is stopped', async () => {
		sim.leads.delete([1, 2, 3]);
		await until(() => open.length === 2);
		await sim.stop();
		expect(sim.deliveries).toMatchObject([{ status: null }, { status: null }]);
	});
});

describe('phpForm', () => {
	it.each([
		[{ data: { FIELDS: { ID: 7 } } }, 'data%5BFIELDS%5D%5BID%5D=7'],
		[{ a: [1, 2] }, 'a%5B0%5D=1&a%5B1%5D=2'],
		[{ yes: true, no: false }, 'yes=1&no=0'],
		[{ nothing: null, empty: [], none: {} }, ''],
		[{ text: "a b+c&d=é~'()*" }, 'text=a+b%2Bc%26d%3D%C3%A9%7E%27%28%29%2A'],
	])('writes %j as PHP does', (value, form) => {
		expect(phpForm(value)).toBe(form);
	});

	it('can be read back', () => {
		const key = fc.stringMatching(/^[A-Z][A-Z_]{0,8}$/);
		const { tree } = fc.letrec((tie) => ({
			tree: fc.dictionary(key, fc.oneof({ depthSize: 'small' }, fc.string({ unit: 'binary' }), tie('tree')), {
				minKeys: 1,
				maxKeys: 4,
				noNullPrototype: true,
			}),
		}));
		fc.assert(
			fc.property(tree, (value) => {
				const payload = { data: value };
				expect(qs.parse(phpForm(payload), { depth: 20, parameterLimit: 1e5 })).toEqual(payload);
			}),
		);
	});
});
