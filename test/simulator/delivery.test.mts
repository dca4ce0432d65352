import { createServer, type Server, type ServerResponse } from 'node:http';
import fc from 'fast-check';
import qs from 'qs';
import { phpForm, type Simulator, startSimulator } from '../../simulator/index.mjs';
import { clientFor, useSimulator } from './client.mjs';
import { useReceiver } from './receiver.mjs';

const portal = useSimulator({ now: () => 1_727_018_926_000 });
const handlers = useReceiver();

const bind = (event: string, userId?: number) =>
	clientFor(portal.sim, userId)('event.bind', { event, handler: handlers.receiver.url });

/** A delivery that somebody else captured from a real portal (b24phpsdk's test data, the token replaced). */
const CAPTURED =
	'event=ONCRMCONTACTADD&event_handler_id=58&data%5BFIELDS%5D%5BID%5D=134806&ts=1727018926&auth%5Baccess_token%5D=be45f0660071849a0058f18a000000010000077261ef50fc26f1357adbd86a052c9e48&auth%5Bexpires%5D=1727022526&auth%5Bexpires_in%5D=3600&auth%5Bscope%5D=crm%2Cplacement%2Cuser_brief&auth%5Bdomain%5D=bitrix24-php-sdk-playground.bitrix24.com&auth%5Bserver_endpoint%5D=https%3A%2F%2Foauth.bitrix.info%2Frest%2F&auth%5Bstatus%5D=L&auth%5Bclient_endpoint%5D=https%3A%2F%2Fbitrix24-php-sdk-playground.bitrix24.com%2Frest%2F&auth%5Bmember_id%5D=010b6886ebc205e43ae65000ee00addb&auth%5Buser_id%5D=1&auth%5Bapplication_token%5D=TOKEN';

const keysOf = (form: string): string[] => form.split('&').map((pair) => pair.replace(/=.*/, ''));

describe('a delivery', () => {
	it('has the keys of a real one, in its order and encoding', async () => {
		await bind('ONCRMCONTACTADD');
		portal.sim.fire('ONCRMCONTACTADD', { FIELDS: { ID: 134806 } });
		await portal.sim.idle();
		expect(keysOf(handlers.receiver.received[0]?.body ?? '')).toEqual(keysOf(CAPTURED));
	});

	it('carries the event, the portal and a token of the user, all strings', async () => {
		const { sim } = portal;
		await bind('ONCRMLEADDELETE');
		sim.leads.delete(2, { by: 15 });
		await sim.idle();
		expect(handlers.receiver.received[0]?.form).toEqual({
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
	});

	it('knows no user when a robot did it', async () => {
		await bind('ONCRMLEADDELETE');
		portal.sim.leads.delete(1, { by: 'robot' });
		await portal.sim.idle();
		expect(Object.keys(Object(handlers.receiver.received[0]?.form.auth)).sort()).toEqual(
			['application_token', 'client_endpoint', 'domain', 'member_id', 'scope', 'server_endpoint', 'status'].sort(),
		);
	});

	it('goes to every app that has bound the event, each with its own token', async () => {
		await bind('ONCRMLEADDELETE');
		portal.sim.bindForOtherApp('ONCRMLEADDELETE', handlers.receiver.url);
		portal.sim.leads.delete(1);
		await portal.sim.idle();
		const tokens = handlers.receiver.received.map(({ form }) => Object(form.auth).application_token);
		expect(new Set(tokens).size).toBe(2);
		expect(tokens).toContain(portal.sim.app.applicationToken);
	});

	it('is not made before the installation is complete', async () => {
		portal.sim.app.installed = false;
		await bind('ONCRMLEADDELETE');
		portal.sim.leads.delete(1);
		await portal.sim.idle();
		expect(handlers.receiver.received).toEqual([]);
	});

	it('reaches a handler bound without administrator rights for its user’s actions only', async () => {
		await bind('ONCRMLEADDELETE', 15);
		portal.sim.leads.delete(1, { by: 1 });
		portal.sim.leads.delete(2, { by: 15 });
		portal.sim.leads.delete(3, { by: 'robot' });
		await portal.sim.idle();
		expect(handlers.receiver.received.map(({ form }) => form.data)).toEqual([{ FIELDS: { ID: '2' } }]);
	});

	it('is tried once, whatever the handler answers', async () => {
		handlers.receiver.status = 503;
		await bind('ONCRMLEADDELETE');
		portal.sim.leads.delete(1);
		await portal.sim.idle();
		expect(handlers.receiver.received).toHaveLength(1);
		expect(portal.sim.deliveries).toMatchObject([{ event: 'ONCRMLEADDELETE', status: 503, answer: 'thanks' }]);
	});

	it('of ONOFFLINEEVENT has no data at all, and a refresh token', async () => {
		await bind('ONOFFLINEEVENT');
		await clientFor(portal.sim)('event.bind', { event: 'ONCRMLEADDELETE', event_type: 'offline' });
		portal.sim.leads.delete([1, 2, 3]);
		await portal.sim.idle();
		expect(handlers.receiver.received).toHaveLength(1);
		expect(handlers.receiver.received[0]?.form).not.toHaveProperty('data');
		expect(handlers.receiver.received[0]?.form.auth).toHaveProperty('refresh_token');
	});
});

describe('event.test', () => {
	it('sends its parameters, without the token, down the whole road', async () => {
		const call = clientFor(portal.sim);
		await bind('ONAPPTEST');
		expect((await call('event.test', { proof: 'a&b=c', nested: { list: [1, 2] }, none: null })).result).toBe(1);
		await portal.sim.idle();
		expect(handlers.receiver.received[0]?.form).toMatchObject({
			event: 'ONAPPTEST',
			data: { QUERY: { proof: 'a&b=c', nested: { list: ['1', '2'] } }, LANGUAGE_ID: 'en' },
		});
		expect(handlers.receiver.received[0]?.body).not.toContain('%5BQUERY%5D%5Bauth%5D');
	});
});

describe('an outgoing webhook', () => {
	it('has a token of its own, and neither scope, status nor user', async () => {
		const { sim } = portal;
		const { applicationToken } = sim.outgoingWebhooks.add({ url: handlers.receiver.url, events: ['onCrmLeadDelete'] });
		sim.leads.delete(1);
		sim.leads.add();
		await sim.idle();
		expect(handlers.receiver.received.map(({ form }) => form.auth)).toEqual([
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
});

describe('hand-made deliveries', () => {
	it('can be genuine ones, altered', async () => {
		const { sim } = portal;
		const genuine = sim.delivery('ONCRMLEADDELETE', { FIELDS: { ID: 7 } }, { auth: { application_token: 'wrong' } });
		await sim.forge({ url: handlers.receiver.url, ...genuine });
		expect(handlers.receiver.received[0]?.form).toEqual(qs.parse(phpForm({ ...genuine })));
		expect(handlers.receiver.received[0]?.form).toMatchObject({ auth: { application_token: 'wrong', user_id: '1' } });
	});

	it('can be anything, of any type', async () => {
		const answer = await portal.sim.forge({ url: handlers.receiver.url, contentType: 'text/xml', body: '<event/>' });
		expect(answer).toEqual({ status: 200, body: 'thanks' });
		expect(handlers.receiver.received[0]).toMatchObject({ contentType: 'text/xml', body: '<event/>' });
	});
});

describe('the queue server', () => {
	/** A handler that answers when it is told to. */
	let server: Server;
	let open: ServerResponse[];
	let sim: Simulator;
	let most: number;

	const until = async (condition: () => boolean): Promise<void> => {
		while (!condition()) await new Promise((resolve) => setImmediate(resolve));
	};

	beforeEach(async () => {
		open = [];
		most = 0;
		server = createServer((_request, response) => {
			open.push(response);
			most = Math.max(most, open.length);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		sim = await startSimulator({ deliveryDelay: 0, deliveryParallel: 2 });
		const address = server.address();
		const port = typeof address === 'object' ? address?.port : 0;
		sim.outgoingWebhooks.add({ url: `http://127.0.0.1:${port}/`, events: ['ONCRMLEADDELETE'] });
	});

	afterEach(async () => {
		await sim.stop();
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});

	it('breaks off what is under way and drops what waits when it is stopped', async () => {
		sim.leads.delete([1, 2, 3]);
		await until(() => open.length === 2);
		await sim.stop();
		expect(sim.deliveries).toMatchObject([{ status: null }, { status: null }]);
		sim = await startSimulator();
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
