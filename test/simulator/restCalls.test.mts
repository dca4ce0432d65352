import fc from 'fast-check';
import type { Simulator } from '../../simulator/index.mjs';
import { Clock } from '../../simulator/portal/clock.mjs';
import { LeakyBucket } from '../../simulator/rest/leakyBucket.mjs';
import { clientFor, post, useSimulator } from './client.mjs';

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

	it.each<[string, number, string, (sim: Simulator) => void, string?, object?]>([
		['with an expired token', 401, 'expired_token', (sim) => sim.expireAccessTokens()],
		['an hour after the token was given out', 401, 'expired_token', (sim) => sim.advance(3_600_000)],
		['with a revoked token', 401, 'NO_AUTH_FOUND', (sim) => sim.revokeAccessTokens()],
		['of an unknown method', 404, 'ERROR_METHOD_NOT_FOUND', () => undefined, 'crm.lead.vanish'],
		['without the permission of its method', 403, 'insufficient_scope', (sim) => (sim.app.scope = []), 'crm.lead.list'],
		['without one of several permissions', 403, 'insufficient_scope', (sim) => (sim.app.scope = ['crm']), 'user.get'],
		['on a plan without REST', 403, 'ACCESS_DENIED', (sim) => (sim.plan.rest = false)],
		[
			'with auth_connector on a plan without it',
			403,
			'WRONG_LICENSE',
			(sim) => (sim.plan.authConnector = false),
			'event.offline.list',
			{ auth_connector: 'n8n' },
		],
	])('%s is refused: %i %s', async (_what, status, error, spoil, method = 'profile', params = {}) => {
		const call = clientFor(portal.sim);
		spoil(portal.sim);
		expect(await call(method, { ...params })).toMatchObject({ status, error });
	});

	it('is logged without its token', async () => {
		const { accessToken } = portal.sim.issueTokens(15);
		await post(`${portal.sim.portalUrl}/rest/app.info.json?auth=${accessToken}`, { x: 1 });
		expect(portal.sim.calls).toEqual([
			{ at: expect.any(Number), method: 'app.info', params: { x: 1 }, userId: 15, status: 200 },
		]);
	});
});

describe('feature.get', () => {
	it('tells what the plan allows', async () => {
		const call = clientFor(portal.sim);
		portal.sim.plan = { rest: true, offlineExtended: true, authConnector: false };
		expect((await call('feature.get', { CODE: 'rest_offline_extended' })).result).toEqual({ value: 'Y' });
		expect((await call('feature.get', { CODE: 'rest_auth_connector' })).result).toEqual({ value: 'N' });
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
		const replies = await Promise.all(Array.from({ length: 50 }, () => call('profile')));
		expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
		expect(await call('crm.lead.delete', { id: 1 })).toMatchObject({ status: 503, error: 'QUERY_LIMIT_EXCEEDED' });
		expect([portal.sim.rateLimited, portal.sim.leads.list().length]).toEqual([1, 3]);
	});

	it('lets two more pass after a second', async () => {
		const call = clientFor(portal.sim);
		await Promise.all(Array.from({ length: 60 }, () => call('profile')));
		portal.sim.advance(1000);
		const statuses = [];
		for (let count = 0; count < 3; count++) statuses.push((await call('profile')).status);
		expect(statuses).toEqual([200, 200, 503]);
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
});

describe('a renamed portal', () => {
	it('answers 302 at its old address and works at the new one', async () => {
		const { accessToken } = portal.sim.issueTokens();
		const before = portal.sim.portalUrl;
		const after = await portal.sim.renameTo();
		expect(after).not.toBe(before);
		const response = await fetch(`${before}/rest/profile.json?x=1`, { method: 'POST', redirect: 'manual' });
		expect([response.status, response.headers.get('location')]).toEqual([302, `${after}/rest/profile.json?x=1`]);
		expect((await post(`${after}/rest/profile.json`, {}, accessToken)).status).toBe(200);
	});

	it('logs what still comes to the old address, without running it', async () => {
		const before = portal.sim.portalUrl;
		await portal.sim.renameTo();
		await fetch(`${before}/rest/event.bind.json`, { method: 'POST', redirect: 'manual' });
		expect(portal.sim.calls).toMatchObject([{ method: 'event.bind', status: 302 }]);
	});
});
