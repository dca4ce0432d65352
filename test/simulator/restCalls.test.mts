import { clientFor, post } from './client.mjs';
import { useSimulator } from './useSimulator.mjs';

const portal = useSimulator();

describe('a REST call', () => {
	it('is answered with result and time', async () => {
		const { status, result, time } = await clientFor(portal.sim)('profile');
		expect(status).toBe(200);
		expect(result).toEqual({
			ID: '1',
			ADMIN: true,
			NAME: 'Alice',
			LAST_NAME: 'Archer',
			PERSONAL_GENDER: '',
			TIME_ZONE: '',
		});
		expect(time).toMatchObject({
			start: expect.any(Number),
			date_start: expect.any(String),
			operating: expect.any(Number),
		});
	});

	it.each(['auth', 'access_token'])('takes the token as the parameter %s, of a query or of a form', async (name) => {
		const { accessToken } = portal.sim.issueTokens();
		const url = `${portal.sim.portalUrl}/rest/profile`;
		const query = new URLSearchParams({ [name]: accessToken });
		expect((await fetch(`${url}?${query}`)).status).toBe(200);
		expect((await fetch(url, { method: 'POST', body: query })).status).toBe(200);
	});

	it('reads PHP brackets in a form body', async () => {
		const auth = portal.sim.issueTokens().accessToken;
		const body = new URLSearchParams({ auth, 'fields[TITLE]': 'From a form' });
		await fetch(`${portal.sim.portalUrl}/rest/crm.lead.add.json`, { method: 'POST', body });
		expect(portal.sim.leads.list().at(-1)?.TITLE).toBe('From a form');
	});

	it.each([
		['an expired token', 'expireAccessTokens', 'expired_token'],
		['a revoked token', 'revokeAccessTokens', 'NO_AUTH_FOUND'],
	] as const)('with %s is refused', async (_what, spoil, error) => {
		const call = clientFor(portal.sim);
		portal.sim[spoil]();
		expect(await call('profile')).toMatchObject({ status: 401, error });
	});

	it('is refused an hour after the token was given out', async () => {
		const call = clientFor(portal.sim);
		portal.sim.advance(3_600_000);
		expect(await call('profile')).toMatchObject({ status: 401, error: 'expired_token' });
	});

	it('without a token is refused', async () => {
		const reply = await post(`${portal.sim.portalUrl}/rest/profile`, {});
		expect(reply).toMatchObject({ status: 401, error: 'NO_AUTH_FOUND' });
	});

	it('of an unknown method is refused', async () => {
		const reply = await clientFor(portal.sim)('crm.lead.vanish');
		expect(reply).toMatchObject({ status: 404, error: 'ERROR_METHOD_NOT_FOUND' });
	});

	it('needs the permission of its method', async () => {
		const call = clientFor(portal.sim);
		portal.sim.app.scope = ['task'];
		expect(await call('crm.lead.list')).toMatchObject({ status: 403, error: 'insufficient_scope' });
	});

	it('needs a commercial plan', async () => {
		portal.sim.plan.rest = false;
		const description = 'REST API is available only on commercial plans';
		const refused = { status: 403, error: 'ACCESS_DENIED', error_description: description };
		expect(await clientFor(portal.sim)('profile')).toMatchObject(refused);
	});

	it('with auth_connector needs a plan that has it', async () => {
		portal.sim.plan.authConnector = false;
		const reply = await clientFor(portal.sim)('event.offline.list', { auth_connector: 'n8n' });
		expect(reply).toMatchObject({ status: 403, error: 'WRONG_LICENSE' });
	});

	it('is logged without its token', async () => {
		const { accessToken } = portal.sim.issueTokens(15);
		await post(`${portal.sim.portalUrl}/rest/app.info.json?auth=${accessToken}`, { x: 1 });
		expect(portal.sim.calls).toEqual([
			{ at: expect.any(Number), method: 'app.info', params: { x: 1 }, userId: 15, status: 200 },
		]);
	});
});

describe('an incoming webhook', () => {
	it('calls ordinary methods for its user', async () => {
		const url = portal.sim.incomingWebhooks.add({ userId: 15 });
		expect((await post(`${url}profile.json`, {})).result).toMatchObject({ ID: '15', ADMIN: false });
	});

	it.each(['event.bind', 'event.get', 'event.unbind', 'event.test', 'event.offline.get', 'event.offline.list'])(
		'can not call %s',
		async (method) => {
			const reply = await post(`${portal.sim.incomingWebhooks.add()}${method}.json`, { event: 'ONCRMLEADADD' });
			expect(reply).toMatchObject({ status: 403, error: 'WRONG_AUTH_TYPE' });
		},
	);

	it('is told that app.info needs an application', async () => {
		const reply = await post(`${portal.sim.incomingWebhooks.add()}app.info`, {});
		const error_description = 'Access denied! Application context required';
		expect(reply).toMatchObject({ status: 403, error: 'ACCESS_DENIED', error_description });
	});

	it('with a wrong secret is refused', async () => {
		const reply = await post(`${portal.sim.portalUrl}/rest/1/guess/profile.json`, {});
		expect(reply).toMatchObject({ status: 401, error: 'NO_AUTH_FOUND' });
	});
});

describe('app.info', () => {
	it('tells whether the installation is complete', async () => {
		const call = clientFor(portal.sim);
		expect((await call('app.info')).result).toMatchObject({ INSTALLED: true, STATUS: 'L', CODE: portal.sim.app.code });
		portal.sim.app.installed = false;
		expect((await call('app.info')).result).toMatchObject({ INSTALLED: false });
	});
});

describe('feature.get', () => {
	it('tells what the plan allows', async () => {
		const call = clientFor(portal.sim);
		portal.sim.plan = { rest: true, offlineExtended: true, authConnector: false };
		expect((await call('feature.get', { CODE: 'rest_offline_extended' })).result).toEqual({ value: 'Y' });
		expect((await call('feature.get', { CODE: 'rest_auth_connector' })).result).toEqual({ value: 'N' });
	});

	it('needs a code', async () => {
		expect(await clientFor(portal.sim)('feature.get')).toMatchObject({ status: 400, error: 'CODE_EMPTY' });
	});
});

describe('events', () => {
	it('lists codes of the app’s own permissions and the common ones', async () => {
		portal.sim.app.scope = ['crm'];
		const codes = (await clientFor(portal.sim)('events')).result;
		expect(codes).toEqual(expect.arrayContaining(['ONCRMLEADDELETE', 'ONAPPTEST', 'ONCRMDYNAMICITEMADD_1220']));
		expect(codes).not.toEqual(expect.arrayContaining(['ONTASKADD']));
	});
});

describe('user.get', () => {
	it('finds the staff by id', async () => {
		const call = clientFor(portal.sim);
		const found = { status: 200, total: 1, result: [{ ID: '15', NAME: 'Bob', LAST_NAME: 'Baker' }] };
		expect(await call('user.get', { ID: 15 })).toMatchObject(found);
		expect(await call('user.get', { ID: ['15'] })).toMatchObject(found);
		expect(await call('user.get', { ID: 4711 })).toMatchObject({ total: 0, result: [] });
		expect(await call('user.get')).toMatchObject({ total: 2 });
	});

	it.each(['user', 'user_basic', 'user_brief'])('is content with the permission %s', async (scope) => {
		portal.sim.app.scope = ['crm', scope];
		expect(await clientFor(portal.sim)('user.get')).toMatchObject({ status: 200 });
	});

	it('needs one of them', async () => {
		portal.sim.app.scope = ['crm'];
		expect(await clientFor(portal.sim)('user.get')).toMatchObject({ status: 403, error: 'insufficient_scope' });
	});
});

describe('leads', () => {
	it('come 50 a page, with total and next', async () => {
		for (let count = portal.sim.leads.list().length; count < 60; count++) portal.sim.leads.add();
		const call = clientFor(portal.sim);
		const first = await call('crm.lead.list');
		expect([first.total, first.next, Object(first.result).length]).toEqual([60, 50, 50]);
		const second = await call('crm.lead.list', { start: 50 });
		expect([second.total, second.next, Object(second.result).length]).toEqual([60, undefined, 10]);
	});

	it('are not found once they are deleted', async () => {
		const call = clientFor(portal.sim);
		const { result: id } = await call('crm.lead.add', { fields: { TITLE: 'Short-lived' } });
		expect((await call('crm.lead.get', { id })).result).toMatchObject({ TITLE: 'Short-lived' });
		expect((await call('crm.lead.delete', { id })).result).toBe(true);
		expect(await call('crm.lead.get', { id })).toMatchObject({ status: 400, error_description: 'Not found' });
	});

	it('that are not there can not be changed by a test', () => {
		expect(() => portal.sim.leads.delete(4711)).toThrow('no lead 4711');
	});
});
