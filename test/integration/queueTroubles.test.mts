import type { Fault, FaultOptions } from '../../simulator/index.mjs';
import { eventually } from './support/eventually.mjs';
import { leadsOf, useQueue } from './support/useQueue.mjs';

const openQueue = useQueue();

describe('what passes by itself', () => {
	const limit: Fault = { status: 503, error: 'QUERY_LIMIT_EXCEEDED' };
	const expired: Fault = { status: 401, error: 'expired_token' };
	const troubles: Array<[string, () => Fault, FaultOptions]> = [
		['a rate limit', () => limit, { times: 3 }],
		['used-up time', () => ({ operatingResetAt: Math.floor(Date.now() / 1000) + 60 }), {}],
		['an overloaded portal', () => ({ status: 500, error: 'INTERNAL_SERVER_ERROR' }), { times: 2 }],
		['a broken connection', () => 'reset', { times: 3 }],
		['half an answer', () => 'truncated', {}],
		['a page instead of an answer', () => 'html', {}],
		['an access token that is renewed', () => expired, {}],
	];

	test.each(troubles)('%s loses no event, and needs nobody', async (_, fault, options) => {
		const { portal, records, collect, start, deleteLeads } = await openQueue({
			parameters: { options: { maxAttempts: 1 } },
		});
		await collect();
		const ids = deleteLeads(3);
		for (const call of ['list', 'get', 'clear', 'error']) portal.faults.next(`event.offline.${call}`, fault(), options);
		const { emitted, failures, errors } = await start((items) =>
			leadsOf(items).includes(ids[0] ?? 0) ? 'error' : 'success',
		);
		const isAside = () => records()[0]?.ERROR === '1';
		await eventually('two are confirmed and one is put aside', () => records().length === 1 && isAside());
		const later = deleteLeads(1);
		await eventually('a later one is confirmed', () => records().length === 1);
		expect(new Set(emitted.flatMap(({ items }) => leadsOf(items)))).toEqual(new Set([...ids, ...later]));
		expect([...failures, ...errors]).toEqual([]);
	});

	test.each([
		['a rate limit', limit],
		['an access token that is renewed', expired],
	])('%s at every call of an activation', async (_, fault) => {
		const { portal, collected, start } = await openQueue();
		for (const method of ['feature.get', 'app.info', 'profile', 'events', 'event.get', 'event.bind']) {
			portal.faults.next(method, fault);
		}
		await start();
		expect(collected()).toEqual(['ONCRMLEADDELETE']);
	});

	test('a portal that is renamed, and access tokens that end early or late', async () => {
		const { portal, records, start, checked, deleteLeads } = await openQueue();
		const { emitted, failures } = await start();
		await checked();
		const all: number[] = [];
		for (const change of ['expireAccessTokens', 'revokeAccessTokens', 'renameTo'] as const) {
			await portal[change]('renamed.bitrix24.com');
			all.push(...deleteLeads(1));
			await eventually('the queue is empty', () => records().length === 0);
		}
		expect(emitted.flatMap(({ items }) => leadsOf(items))).toEqual(all);
		expect(failures).toEqual([]);
	});
});

describe('what somebody has to mend', () => {
	test('is reported once, in words, and healed by connecting again', async () => {
		const { n8n, portal, records, start, checked, deleteLeads } = await openQueue();
		const { emitted, failures, errors } = await start();
		await checked();
		portal.revokeAccessTokens();
		portal.revokeRefreshTokens();
		const ids = deleteLeads(2);
		await eventually('it is reported', () => failures.length > 0);
		const { accessToken, refreshToken } = portal.issueTokens();
		const { oauthTokenData } = await n8n.credentials.read('bitrix24OAuth2Api');
		const renewed = { ...Object(oauthTokenData), access_token: accessToken, refresh_token: refreshToken };
		await n8n.credentials.change('bitrix24OAuth2Api', { oauthTokenData: renewed });
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.flatMap(({ items }) => leadsOf(items))).toEqual(ids);
		expect(failures.map(({ message }) => message)).toEqual([expect.stringMatching(/"Connect my account"/)]);
		expect(errors).toEqual([]);
		// The queue trigger says so when the portal's answer to the last call is back, a moment after the queue is empty.
		await eventually('its end is told', () => n8n.log.some((line) => /^info: .*can be read again/.test(line)));
	});

	test('is reported once as long as it lasts, healed as soon as it is mended, and reported when it happens again', async () => {
		const { portal, records, start, checked, deleteLeads } = await openQueue();
		const { emitted, failures, errors } = await start();
		const ids: number[] = [];
		const errors403: Array<[string, RegExp]> = [
			['ACCESS_DENIED', /administrator/],
			['insufficient_scope', /permission/],
			['WRONG_LICENSE', /plan/],
			['PORTAL_DELETED', /deleted/],
		];
		for (const [before, [error]] of errors403.entries()) {
			await checked();
			portal.faults.next('*', { status: 403, error }, 1e6);
			ids.push(...deleteLeads(1));
			await eventually('it is reported', () => failures.length === before + 1);
			portal.clearCalls();
			await eventually('the portal was asked again', () => portal.calls.length >= 2);
			portal.faults.clear();
			await eventually('the queue is empty', () => records().length === 0);
		}
		expect(failures.map(({ message }) => message)).toEqual(errors403.map(([, words]) => expect.stringMatching(words)));
		expect(emitted.flatMap(({ items }) => leadsOf(items))).toEqual(ids);
		expect(errors).toEqual([]);
	});

	test('may have taken the handler along: it is bound again after the outage', async () => {
		const { portal, collected, records, start, checked, deleteLeads } = await openQueue();
		const { emitted, failures } = await start();
		await checked();
		portal.faults.next('*', { status: 403, error: 'ACCESS_DENIED' }, 1e6);
		await eventually('it is reported', () => failures.length > 0);
		portal.reinstallApp();
		portal.faults.clear();
		await eventually('the events are collected again', () => collected().length === 1);
		const ids = deleteLeads(1);
		await eventually('the queue is empty', () => records().length === 0);
		expect(emitted.flatMap(({ items }) => leadsOf(items))).toEqual(ids);
	});
});

describe('an answer that gets lost', () => {
	test.each([
		['are taken up at the next check', 'afterSuccess', [0, 1, 2, 3, 4]],
		['are lost where it was to take them for good (onReceipt), and what waits is not', 'onReceipt', [2, 3, 4]],
	])('to a reservation: its events %s', async (_, acknowledge, indexes) => {
		const { portal, records, collect, start, deleteLeads } = await openQueue({
			parameters: { batchSize: 2, acknowledge },
		});
		await collect();
		const ids = deleteLeads(5);
		portal.faults.next('event.offline.get', 'reset', { times: 1, when: 'after' });
		const { emitted } = await start();
		await eventually('the queue is empty', () => records().length === 0);
		await eventually('the last one has run', () =>
			emitted.flatMap(({ items }) => leadsOf(items)).includes(ids[4] ?? 0),
		);
		const runs = emitted.flatMap(({ items }) => leadsOf(items)).sort((a, b) => a - b);
		expect(runs).toEqual(indexes.map((index) => ids[index]));
	});

	test.each([
		['a confirmation that never arrived', 'clear', 'before'],
		['a confirmation that arrived', 'clear', 'after'],
		['putting aside', 'error', 'before'],
	] as const)('to %s: it is repeated until it succeeds, and nothing runs twice', async (_, call, when) => {
		const { portal, collect, start, deleteLeads } = await openQueue({ parameters: { options: { maxAttempts: 1 } } });
		await collect();
		const ids = deleteLeads(1);
		const method = `event.offline.${call}`;
		portal.faults.next(method, 'reset', { times: 10, when });
		const { emitted } = await start(() => (call === 'error' ? 'error' : 'success'));
		await eventually('it has succeeded', () =>
			portal.calls.some((made) => made.method === method && made.status === 200),
		);
		const later = deleteLeads(1);
		await eventually('a later one has run', () => emitted.length > 1);
		expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids, later]);
	});
});
