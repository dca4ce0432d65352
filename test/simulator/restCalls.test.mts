import fc from 'fast-check';
import { portalInProcess } from '../../simulator/index.mjs';
import { Clock } from '../../simulator/portal/clock.mjs';
import { LeakyBucket } from '../../simulator/rest/leakyBucket.mjs';
import { clientFor, post, useSimulator } from './client.mjs';
import { useReceiver } from './receiver.mjs';

const portal = useSimulator({ now: () => 1_750_000_000_000 });

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
		'cannot call %s',
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

	it('that are not there cannot be changed by a test', () => {
		expect(() => portal.sim.leads.delete(4711)).toThrow('no lead 4711');
	});
});

describe('the rate limit', () => {
	beforeEach(() => {
		portal.sim.rate = { perSecond: 2, burst: 50 };
	});

	it('lets a burst of 50 calls pass and refuses the next, which then has no effect', async () => {
		const call = clientFor(portal.sim);
		const replies = await Promise.all(Array.from({ length: 50 }, () => call('server.time')));
		expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
		expect(await call('crm.lead.delete', { id: 1 })).toMatchObject({ status: 503, error: 'QUERY_LIMIT_EXCEEDED' });
		expect([portal.sim.rateLimited, portal.sim.leads.list().length]).toEqual([1, 3]);
	});

	it('lets two more pass after a second', async () => {
		const call = clientFor(portal.sim);
		await Promise.all(Array.from({ length: 60 }, () => call('server.time')));
		portal.sim.advance(1000);
		const statuses = [];
		for (let count = 0; count < 3; count++) statuses.push((await call('server.time')).status);
		expect(statuses).toEqual([200, 200, 503]);
	});

	it('can be raised while the portal runs', async () => {
		portal.sim.rate = { perSecond: 5, burst: 250 };
		const call = clientFor(portal.sim);
		await Promise.all(Array.from({ length: 200 }, () => call('server.time')));
		expect(portal.sim.rateLimited).toBe(0);
	});
});

describe('LeakyBucket', () => {
	it('never admits more than the burst and what has leaked since', () => {
		const rate = { perSecond: 2, burst: 5 };
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 100 }), (pauses) => {
				const clock = new Clock(() => 0);
				const bucket = new LeakyBucket(clock);
				let admitted = 0;
				for (const pause of pauses) {
					clock.advance(pause);
					if (bucket.admit('127.0.0.1', rate)) admitted++;
					expect(admitted).toBeLessThanOrEqual(rate.burst + (clock.now() / 1000) * rate.perSecond + 1e-6);
				}
			}),
		);
	});

	it('counts every source for itself', () => {
		const bucket = new LeakyBucket(new Clock(() => 0));
		const rate = { perSecond: 2, burst: 1 };
		expect([bucket.admit('a', rate), bucket.admit('a', rate), bucket.admit('b', rate)]).toEqual([true, false, true]);
	});
});

describe('a renamed portal', () => {
	const handlers = useReceiver();

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

describe('a portal in process', () => {
	const url = 'https://some-domain.bitrix24.com/rest/profile.json';

	it('answers a token of its own, by the name of its user, and logs the call', async () => {
		const portal = portalInProcess();
		const authorization = `Bearer ${portal.issueTokens().accessToken}`;
		expect(await portal.request({ url, authorization, params: {} })).toMatchObject({
			status: 200,
			body: { result: { ID: '1', NAME: 'Alice' } },
		});
		expect(portal.calls).toMatchObject([{ method: 'profile', userId: 1, status: 200 }]);
	});

	it('refuses a token of nobody', async () => {
		const answer = await portalInProcess().request({ url, params: { auth: 'x' } });
		expect(answer).toMatchObject({ status: 401, body: { error: 'NO_AUTH_FOUND' } });
	});

	it('leaves a request without an answer where a fault says so', async () => {
		const portal = portalInProcess();
		portal.faults.next('profile', 'reset');
		await expect(portal.request({ url, params: {} })).rejects.toThrow('ECONNRESET');
		portal.faults.next('profile', 'timeout');
		await expect(portal.request({ url, params: {} })).rejects.toThrow('ETIMEDOUT');
		portal.faults.next('profile', 'html');
		expect(await portal.request({ url, params: {} })).toMatchObject({ body: expect.stringContaining('<h1>') });
	});
});
