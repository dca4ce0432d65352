import { type Call, clientFor, useSimulator } from './client.mjs';

const portal = useSimulator();
const handler = 'https://n8n.example.com/webhook/1';
const event = 'ONCRMLEADDELETE';
const online = { event, handler };
const ofBob = { event, handler, auth_type: '15', offline: 0 };
const ofAll = { ...ofBob, auth_type: '0' };

let call: Call;
/** Somebody who is no administrator. */
let bob: Call;
beforeEach(() => {
	call = clientFor(portal.sim);
	bob = clientFor(portal.sim, 15);
});

describe('event.bind', () => {
	it('stores a handler under the upper-case code, even before the installation is complete', async () => {
		portal.sim.app.installed = false;
		expect((await call('event.bind', { event: 'onCrmLeadDelete', handler })).result).toBe(true);
		expect(portal.sim.handlers()).toEqual([ofAll]);
	});

	it('refuses the same handler twice, and nothing less than the same', async () => {
		await call('event.bind', online);
		const error_description = 'Unable to set event handler: Handler already binded';
		expect(await call('event.bind', online)).toMatchObject({ status: 400, error: 'ERROR_CORE', error_description });
		expect((await call('event.bind', { event, handler: `${handler}?2` })).status).toBe(200);
		expect((await call('event.bind', { ...online, auth_type: 15 })).status).toBe(200);
	});

	it.each([
		['an unknown event', { event: 'ONLEADDELETE', handler }, 'ERROR_EVENT_NOT_FOUND'],
		['an event without its permission', { event: 'ONCALENDARENTRYADD', handler }, 'ERROR_EVENT_NOT_FOUND'],
		['no event', { handler }, 'ERROR_ARGUMENT'],
		['no handler', { event }, 'ERROR_ARGUMENT'],
		['a host without a dot', { event, handler: 'http://localhost:5678/webhook/1' }, 'ERROR_WRONG_HANDLER_URL'],
		['no URL at all', { event, handler: 'webhook' }, 'ERROR_WRONG_HANDLER_URL'],
		['another scheme', { event, handler: 'ftp://n8n.example.com/' }, 'ERROR_UNSUPPORTED_PROTOCOL'],
		['another type', { event, handler, event_type: 'sometimes' }, 'ERROR_ARGUMENT'],
		['the queue notice as an offline event', { event: 'ONOFFLINEEVENT', event_type: 'offline' }, 'ERROR_ARGUMENT'],
	])('refuses %s', async (_what, params, error) => {
		expect(await call('event.bind', params)).toMatchObject({ status: 400, error });
		expect(portal.sim.handlers()).toEqual([]);
	});
});

describe('event.get', () => {
	it('lists online and offline handlers, of every connector', async () => {
		await call('event.bind', online);
		await call('event.bind', { event, event_type: 'offline', auth_connector: 'n8n' });
		expect((await call('event.get')).result).toEqual([ofAll, { event, connector_id: 'n8n', offline: 1 }]);
	});
});

describe('event.unbind', () => {
	it('removes exactly the handler of that event and URL, and counts it, or none', async () => {
		await call('event.bind', online);
		await call('event.bind', { event: 'ONCRMLEADADD', handler });
		await call('event.bind', { event, handler: `${handler}?2` });
		expect((await call('event.unbind', online)).result).toEqual({ count: 1 });
		expect((await call('event.unbind', online)).result).toEqual({ count: 0 });
		expect(portal.sim.handlers()).toHaveLength(2);
	});

	it('leaves other connectors alone', async () => {
		const queue = (auth_connector: string) => ({ event, event_type: 'offline', auth_connector });
		await call('event.bind', queue('one'));
		await call('event.bind', queue('two'));
		expect((await call('event.unbind', queue('one'))).result).toEqual({ count: 1 });
		expect(portal.sim.handlers()).toEqual([{ event, connector_id: 'two', offline: 1 }]);
	});
});

it('shows and removes no handlers of other apps', async () => {
	portal.sim.bindForOtherApp(event, handler);
	expect((await call('event.get')).result).toEqual([]);
	expect((await call('event.unbind', online)).result).toEqual({ count: 0 });
	expect(portal.sim.handlers()).toHaveLength(1);
});

describe('somebody who is no administrator', () => {
	it('binds, sees and removes their own handler only', async () => {
		await call('event.bind', online);
		expect((await bob('event.get')).result).toEqual([]);
		await bob('event.bind', online);
		expect((await bob('event.get')).result).toEqual([ofBob]);
		expect((await bob('event.unbind', online)).result).toEqual({ count: 1 });
		expect(portal.sim.handlers()).toEqual([ofAll]);
	});

	it.each([
		['event.bind', { ...online, auth_type: 1 }],
		['event.bind', { event, event_type: 'offline' }],
		['event.unbind', { ...online, auth_type: 1 }],
		['event.unbind', { ...online, auth_type: '15' }],
		['event.unbind', { ...online, auth_type: 0 }],
		...['get', 'list', 'clear', 'error'].map((name): [string, object] => [`event.offline.${name}`, {}]),
	])('may not call %s with %j', async (method, params) => {
		expect(await bob(method, { ...params })).toMatchObject({ status: 403, error: 'ACCESS_DENIED' });
	});
});

it('takes the handlers of an app that is installed anew away, and gives it another token', async () => {
	const before = portal.sim.app.applicationToken;
	await call('event.bind', online);
	portal.sim.bindForOtherApp(event, 'https://other.example.com/');
	portal.sim.reinstallApp();
	expect(portal.sim.handlers()).toEqual([expect.objectContaining({ handler: 'https://other.example.com/' })]);
	expect(portal.sim.app.applicationToken).not.toBe(before);
});
