import type { Fault, FaultOptions } from '../../simulator/index.mjs';
import { eventually } from './support/eventually.mjs';
import { leadsOf, useQueue } from './support/useQueue.mjs';

const openQueue = useQueue();

/** What passes by itself. */
const troubles: Array<[string, () => Fault, FaultOptions]> = [
	['a rate limit', () => ({ status: 503, error: 'QUERY_LIMIT_EXCEEDED' }), { times: 3 }],
	['used-up time', () => ({ operatingResetAt: Math.floor(Date.now() / 1000) + 60 }), {}],
	['an overloaded portal', () => ({ status: 500, error: 'INTERNAL_SERVER_ERROR' }), { times: 2 }],
	['a broken connection', () => 'reset', { times: 3 }],
	['half an answer', () => 'truncated', {}],
	['a page instead of an answer', () => 'html', {}],
	['an access token that is renewed', () => ({ status: 401, error: 'expired_token' }), {}],
];

const whileReading = ['event.offline.list', 'event.offline.get', 'event.offline.clear', 'event.offline.error'];

describe.each(troubles)('%s', (_, fault, options) => {
	test.each(whileReading)('in %s loses no event, and needs nobody', async (method) => {
		const { portal, records, collect, start, deleteLeads } = await openQueue({
			parameters: { options: { maxAttempts: 1 } },
		});
		await collect();
		const ids = deleteLeads(3);
		const [bad] = ids;
		portal.faults.next(method, fault(), options);
		const { emitted, failures, errors } = await start((items) =>
			leadsOf(items).includes(bad ?? 0) ? 'error' : 'success',
		);
		await eventually(
			'two are confirmed and one is put aside',
			() =>
				records()
					.map(({ ERROR }) => ERROR)
					.join() === '1',
		);
		const later = deleteLeads(1);
		await eventually('a later one is confirmed', () => records().length === 1);
		expect(new Set(emitted.flatMap(({ items }) => leadsOf(items)))).toEqual(new Set([...ids, ...later]));
		expect([...failures, ...errors]).toEqual([]);
	});
});

/** The calls that make the queue ready at activation. */
const atActivation = ['feature.get', 'app.info', 'profile', 'events', 'event.get', 'event.bind'];

test.each(atActivation)('what is sure to pass does not keep %s from being answered at activation', async (method) => {
	for (const [, fault, options] of troubles.filter(([name]) => /rate limit|renewed/.test(name))) {
		const { portal, collected, start } = await openQueue();
		portal.faults.next(method, fault(), options);
		const { close } = await start();
		expect(collected()).toEqual(['ONCRMLEADDELETE']);
		await close();
	}
});

test.each([
	['has expired', 'expireAccessTokens'],
	['was revoked early', 'revokeAccessTokens'],
] as const)('an access token that %s in between is renewed', async (_, end) => {
	const { portal, records, start, checked, deleteLeads } = await openQueue();
	const { emitted, failures } = await start();
	await checked();
	portal[end]();
	const ids = deleteLeads(1);
	await eventually('the queue is empty', () => records().length === 0);
	expect(emitted.map(({ items }) => leadsOf(items))).toEqual([ids]);
	expect(failures).toEqual([]);
});

test('a portal that is renamed is followed, and its items go on', async () => {
	const { portal, records, start, checked, deleteLeads } = await openQueue();
	const { emitted, failures } = await start();
	await checked();
	await portal.renameTo('renamed.bitrix24.com');
	const ids = deleteLeads(2);
	await eventually('the queue is empty', () => records().length === 0);
	expect(emitted.flatMap(({ items }) => leadsOf(items))).toEqual(ids);
	expect(failures).toEqual([]);
});
