import fc from 'fast-check';
import { clientFor, post, useSimulator } from './client.mjs';
import { Clock } from '../../simulator/basics.mjs';
import { portalInProcess, type Simulator } from '../../simulator/index.mjs';
import { LeakyBucket } from '../../simulator/rest/execute.mjs';

const portal = useSimulator({ now: () => 1_750_000_000_000 });

describe('a REST call', () => {
	it('is answered with result and time, and logged without its token', async () => {
		const { accessToken } = portal.sim.issueTokens(15);
		const reply = await post(`${portal.sim.portalUrl}/rest/profile.json?auth=${accessToken}`, { x: 1 });
		const name = { NAME: 'Bob', LAST_NAME: 'Baker' };
		const result = { ID: '15', ADMIN: false, ...name, PERSONAL_GENDER: '', TIME_ZONE: '' };
		const time = { start: 1_750_000_000, date_start: '2025-06-15T15:06:40+00:00', operating: expect.any(Number) };
		expect(reply).toMatchObject({ status: 200, result, time });
		expect(portal.sim.calls).toEqual([
			{ at: 1_750_000_000_000, method: 'profile', params: { x: 1 }, userId: 15, status: 200 },
		]);
	});

	it.each(['auth', 'access_token'])('takes the token as the parameter %s, of a query or of a form', async (name) => {
		const { accessToken } = portal.sim.issueTokens();
		const query = new URLSearchParams({ [name]: accessToken, 'fields[TITLE]': 'In PHP brackets' });
		const url = `${portal.sim.portalUrl}/rest/crm.lead.add`;
		expect((await fetch(`${url}?${query}`)).status).toBe(200);
		expect((await fetch(url, { method: 'POST', body: query })).status).toBe(200);
		expect(portal.sim.leads.list().slice(-2)).toMatchObject(Array(2).fill({ TITLE: 'In PHP brackets' }));
	});

	it.each<[string, (sim: Simulator) => unknown, string]>([
		['expired', (sim) => sim.expireAccessTokens(), 'expired_token'],
		['an hour old', (sim) => sim.advance(3_600_000), 'expired_token'],
		['revoked', (sim) => sim.revokeAccessTokens(), 'NO_AUTH_FOUND'],
	])('is refused when its token is %s', async (_what, spoil, error) => {
		const call = clientFor(portal.sim);
		spoil(portal.sim);
		expect(await call('profile')).toMatchObject({ status: 401, error });
	});

	it.each(['profile', '1/guess/profile'])('without a token or a secret is refused: %s', async (path) => {
		const reply = await post(`${portal.sim.portalUrl}/rest/${path}`, {});
		expect(reply).toMatchObject({ status: 401, error: 'NO_AUTH_FOUND' });
	});

	it.each<[string, string, number, string, (sim: Simulator) => unknown]>([
		['a known method', 'crm.lead.vanish', 404, 'ERROR_METHOD_NOT_FOUND', () => undefined],
		['a lead that is there', 'crm.lead.get', 400, '', () => undefined],
		['the code of a feature', 'feature.get', 400, 'CODE_EMPTY', () => undefined],
		['the permission of its method', 'crm.lead.list', 403, 'insufficient_scope', ({ app }) => (app.scope = ['task'])],
		['one permission of many', 'user.get', 403, 'insufficient_scope', ({ app }) => (app.scope = ['crm'])],
		['a commercial plan', 'profile', 403, 'ACCESS_DENIED', ({ plan }) => (plan.rest = false)],
		['a plan with connectors', 'profile', 403, 'WRONG_LICENSE', ({ plan }) => (plan.authConnector = false)],
	])('needs %s', async (_what, method, status, error, lack) => {
		lack(portal.sim);
		expect(await clientFor(portal.sim)(method, { auth_connector: 'n8n' })).toMatchObject({ status, error });
	});
});

describe('an incoming webhook', () => {
	it('calls ordinary methods for its user', async () => {
		const url = portal.sim.incomingWebhooks.add({ userId: 15 });
		expect((await post(`${url}profile.json`, {})).result).toMatchObject({ ID: '15', ADMIN: false });
	});

	it.each([
		...['event.bind', 'event.get', 'event.unbind', 'event.test', 'event.offline.get', 'event.offline.list'].map(
			(method) => [method, 'WRONG_AUTH_TYPE'],
		),
		['app.info', 'ACCESS_DENIED'],
	])('cannot call %s', async (method, error) => {
		const reply = await post(`${portal.sim.incomingWebhooks.add()}${method}.json`, { event: 'ONCRMLEADADD' });
		expect(reply).toMatchObject({ status: 403, error });
	});
});

it('lists the events of the app’s own permissions and the common ones', async () => {
	portal.sim.app.scope = ['crm'];
	const codes = (await clientFor(portal.sim)('events')).result;
	expect(codes).toEqual(expect.arrayContaining(['ONCRMLEADDELETE', 'ONAPPTEST', 'ONCRMDYNAMICITEMADD_1220']));
	expect(codes).not.toEqual(expect.arrayContaining(['ONTASKADD']));
});

it.each([
	['user', { ID: 15 }, ['15']],
	['user_basic', { ID: ['15'] }, ['15']],
	['user_brief', { ID: 4711 }, []],
	['user_brief', {}, ['1', '15']],
])('finds the staff with the permission %s by %j', async (scope, params, ids) => {
	portal.sim.app.scope = ['crm', scope];
	const result = ids.map((ID) => expect.objectContaining({ ID }));
	expect(await clientFor(portal.sim)('user.get', params)).toMatchObject({ total: ids.length, result });
});

describe('the rate limit', () => {
	it('lets a burst of 50 pass, then two a second; what it refuses has no effect', async () => {
		portal.sim.rate = { perSecond: 2, burst: 50 };
		const call = clientFor(portal.sim);
		const replies = await Promise.all(Array.from({ length: 50 }, () => call('server.time')));
		expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
		expect(await call('crm.lead.delete', { id: 1 })).toMatchObject({ status: 503, error: 'QUERY_LIMIT_EXCEEDED' });
		expect([portal.sim.rateLimited, portal.sim.leads.list().length]).toEqual([1, 3]);
		portal.sim.advance(1000);
		const statuses = [];
		for (let count = 0; count < 3; count++) statuses.push((await call('server.time')).status);
		expect(statuses).toEqual([200, 200, 503]);
	});

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
		expect(['a', 'a', 'b'].map((source) => bucket.admit(source, rate))).toEqual([true, false, true]);
	});
});

it('answers 302 at the old address of a renamed portal, logs it, and works at the new one', async () => {
	const { accessToken } = portal.sim.issueTokens();
	const before = portal.sim.portalUrl;
	const after = await portal.sim.renameTo();
	expect(after).not.toBe(before);
	const response = await fetch(`${before}/rest/profile.json?x=1`, { method: 'POST', redirect: 'manual' });
	expect([response.status, response.headers.get('location')]).toEqual([302, `${after}/rest/profile.json?x=1`]);
	expect(portal.sim.calls).toMatchObject([{ method: 'profile', params: { x: '1' }, status: 302 }]);
	expect((await post(`${after}/rest/profile.json`, {}, accessToken)).status).toBe(200);
});

it('leaves a request in process without an answer where a fault says so', async () => {
	const inProcess = portalInProcess();
	const request = { url: 'https://some-domain.bitrix24.com/rest/profile.json', params: {} };
	inProcess.faults.next('profile', 'reset');
	await expect(inProcess.request(request)).rejects.toThrow('ECONNRESET');
	inProcess.faults.next('profile', 'timeout');
	await expect(inProcess.request(request)).rejects.toThrow('ETIMEDOUT');
	inProcess.faults.next('profile', 'html');
	expect(await inProcess.request(request)).toMatchObject({ body: expect.stringContaining('<h1>') });
});
