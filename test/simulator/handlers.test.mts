import { clientFor, useSimulator } from './client.mjs';

const portal = useSimulator();
const handler = 'https://n8n.example.com/webhook/1';
const event = 'ONCRMLEADDELETE';

describe('event.bind', () => {
	it('stores a handler under the upper-case code', async () => {
		expect((await clientFor(portal.sim)('event.bind', { event: 'onCrmLeadDelete', handler })).result).toBe(true);
		expect(portal.sim.handlers()).toEqual([{ event, handler, auth_type: '0', offline: 0 }]);
	});

	it('refuses the same handler twice, and nothing less than the same', async () => {
		const call = clientFor(portal.sim);
		await call('event.bind', { event, handler });
		expect(await call('event.bind', { event, handler })).toMatchObject({
			status: 400,
			error: 'ERROR_CORE',
			error_description: 'Unable to set event handler: Handler already binded',
		});
		expect((await call('event.bind', { event, handler: `${handler}?2` })).status).toBe(200);
		expect((await call('event.bind', { event, handler, auth_type: 15 })).status).toBe(200);
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
		expect(await clientFor(portal.sim)('event.bind', params)).toMatchObject({ status: 400, error });
		expect(portal.sim.handlers()).toEqual([]);
	});

	it.each([
		['for somebody else', { event, handler, auth_type: 1 }],
		['offline', { event, event_type: 'offline' }],
	])('refuses to bind %s without administrator rights', async (_what, params) => {
		const reply = await clientFor(portal.sim, 15)('event.bind', params);
		expect(reply).toMatchObject({ status: 403, error: 'ACCESS_DENIED' });
	});
});

describe('event.get', () => {
	it('lists online and offline handlers, of every connector', async () => {
		const call = clientFor(portal.sim);
		await call('event.bind', { event, handler });
		await call('event.bind', { event, event_type: 'offline', auth_connector: 'n8n' });
		expect((await call('event.get')).result).toEqual([
			{ event, handler, auth_type: '0', offline: 0 },
			{ event, connector_id: 'n8n', offline: 1 },
		]);
	});

	it('shows somebody who is no administrator their own handlers only', async () => {
		await clientFor(portal.sim)('event.bind', { event, handler });
		const bob = clientFor(portal.sim, 15);
		expect((await bob('event.get')).result).toEqual([]);
		await bob('event.bind', { event, handler });
		expect((await bob('event.get')).result).toEqual([{ event, handler, auth_type: '15', offline: 0 }]);
	});
});

describe('event.unbind', () => {
	it('removes exactly the handler of that event and URL, and counts it', async () => {
		const call = clientFor(portal.sim);
		await call('event.bind', { event, handler });
		await call('event.bind', { event: 'ONCRMLEADADD', handler });
		await call('event.bind', { event, handler: `${handler}?2` });
		expect((await call('event.unbind', { event, handler })).result).toEqual({ count: 1 });
		expect(portal.sim.handlers()).toHaveLength(2);
	});

	it('lets somebody who is no administrator remove their own handler only', async () => {
		await clientFor(portal.sim)('event.bind', { event, handler });
		const bob = clientFor(portal.sim, 15);
		await bob('event.bind', { event, handler });
		expect((await bob('event.unbind', { event, handler })).result).toEqual({ count: 1 });
		expect(portal.sim.handlers()).toEqual([{ event, handler, auth_type: '0', offline: 0 }]);
	});

	it.each([1, '15', 0])('refuses auth_type %j of somebody who is no administrator', async (auth_type) => {
		const reply = await clientFor(portal.sim, 15)('event.unbind', { event, handler, auth_type });
		expect(reply).toMatchObject({ status: 403, error: 'ACCESS_DENIED' });
	});
});
