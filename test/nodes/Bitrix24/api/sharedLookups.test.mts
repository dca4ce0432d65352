import fc from 'fast-check';

import type { Client } from '../../../../nodes/Bitrix24/api/client.js';
import type { ApiResult } from '../../../../nodes/Bitrix24/api/response.js';
import type { Lookup } from '../../../../nodes/Bitrix24/api/sharedLookups.js';
import { SharedLookups } from '../../../../nodes/Bitrix24/api/sharedLookups.js';

const answer = (ids: readonly string[]): ApiResult => ({ ok: true, result: { items: ids.map((id) => ({ id })) } });
const failure = (status: number, code: string): ApiResult => ({
	ok: false,
	failure: { status, code, description: '' },
});
const away = failure(500, 'INTERNAL_SERVER_ERROR');

/** Look-ups of leads in a time that is moved by hand, and a portal that answers as told. */
function world(reply: (ids: readonly string[], count: number) => ApiResult | Promise<ApiResult> = answer) {
	let time = 0;
	let isIdle = false;
	const timers: Array<{ at: number; end(): void }> = [];
	const calls: Array<{ at: number; ids: string[] }> = [];
	const sleep = async (ms: number) => await new Promise<void>((end) => timers.push({ at: time + ms, end }));
	const client: Pick<Client, 'tryCall'> = {
		async tryCall(_method, parameters) {
			const ids: string[] = Object(parameters?.filter)['@id'];
			calls.push({ at: time, ids });
			return await reply(ids, calls.length);
		},
	};
	const lookups = new SharedLookups(1, { sleep, onIdle: () => void (isIdle = true) }, client as Client);

	async function settle(): Promise<void> {
		await new Promise((resolve) => setImmediate(resolve));
	}

	async function advance(ms: number): Promise<void> {
		const end = time + ms;
		for (;;) {
			await settle();
			const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
			if (next === undefined) break;
			timers.splice(timers.indexOf(next), 1);
			time = Math.max(time, next.at);
			next.end();
		}
		time = end;
		await settle();
	}

	return {
		calls,
		sleep,
		advance,
		isIdle: () => isIdle,
		ask(ids: readonly string[], { keepTrying = false, limit }: { keepTrying?: boolean; limit?: number } = {}) {
			const ending = new AbortController();
			if (limit === 0) ending.abort();
			else if (limit !== undefined) void sleep(limit).then(() => ending.abort());
			return lookups.ask(ids, { client: client as Client, signal: ending.signal, keepTrying });
		},
	};
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

describe('SharedLookups', () => {
	it('asks for the first at once, and for what gathers meanwhile two seconds later, in one call', async () => {
		const { ask, advance, calls, isIdle } = world();
		const answers = ['1', '2', '3', '2'].map(async (id) => await ask([id]));
		await advance(1_999);
		expect(calls).toEqual([{ at: 0, ids: ['1'] }]);
		await advance(1);
		expect(calls.slice(1)).toEqual([{ at: 2_000, ids: ['2', '3'] }]);
		expect((await Promise.all(answers)).map((found) => [...found])).toEqual(
			['1', '2', '3', '2'].map((id) => [[id, { status: 'found', record: { id } }]]),
		);
		expect(isIdle()).toBe(false);
		await advance(2_000);
		expect(isIdle()).toBe(true);
		void ask(['4']);
		await advance(0);
		expect(calls).toHaveLength(3);
	});

	it('asks for fifty as soon as they are there', async () => {
		const { ask, advance, calls } = world();
		for (const id of range(1, 60)) void ask([id]);
		await advance(0);
		expect(calls.map(({ ids }) => ids)).toEqual([['1'], range(2, 51)]);
		await advance(2_000);
		expect(calls.map(({ ids }) => ids)[2]).toEqual(range(52, 60));
	});

	it.each([
		['refuses', async () => away],
		['throws', async () => await Promise.reject(new Error('broken'))],
		['throws what is no error', async () => await Promise.reject('broken')],
	])('tells at once, or asks again until told to end, where the portal %s', async (_, reply) => {
		const { ask, advance, calls } = world(reply);
		expect((await ask(['1'])).get('1')).toMatchObject({ status: 'unanswered', failure: expect.anything() });
		const asked = ask(['2'], { keepTrying: true, limit: 5_000 });
		await advance(5_000);
		expect((await asked).get('2')).toMatchObject({ status: 'unanswered', failure: expect.anything() });
		expect(calls.map(({ at }) => at)).toEqual([0, 2_000, 4_000]);
	});

	it('pauses before it asks again, also where the answer took longer than that', async () => {
		const slow = world(async (ids, count) => {
			if (count > 1) return answer(ids);
			await slow.sleep(3_000);
			return away;
		});
		const asked = slow.ask(['1'], { keepTrying: true, limit: 15_000 });
		await slow.advance(5_000);
		expect(slow.calls.map(({ at }) => at)).toEqual([0, 5_000]);
		expect((await asked).get('1')).toMatchObject({ status: 'found' });
	});

	it('does not ask for whom nobody waits any more', async () => {
		const { ask, advance, calls } = world();
		void ask(['1']);
		const given = [ask(['2'], { limit: 1_000 }), ask(['3'], { limit: 0 })];
		await advance(4_000);
		expect(await Promise.all(given)).toEqual([
			new Map([['2', { status: 'unanswered', failure: null }]]),
			new Map([['3', { status: 'unanswered', failure: null }]]),
		]);
		expect(calls.flatMap(({ ids }) => ids)).toEqual(['1']);
	});

	const asks = fc.array(
		fc.record({
			pause: fc.integer({ min: 0, max: 1_500 }),
			ids: fc.uniqueArray(fc.integer({ min: 1, max: 150 }).map(String), { minLength: 1, maxLength: 130 }),
			keepTrying: fc.boolean(),
			limit: fc.integer({ min: 1, max: 15_000 }),
		}),
		{ maxLength: 12 },
	);
	const replies = fc.array(
		fc.record({ kind: fc.constantFrom('found', 'away', 'none'), takes: fc.integer({ min: 0, max: 4_000 }) }),
	);

	it('lets each asker end with an answer of its own for each of its ids, whatever the portal does', async () => {
		await fc.assert(
			fc.asyncProperty(asks, replies, async (asked, script) => {
				const { ask, advance, calls, sleep, isIdle } = world(async (ids, count) => {
					const { kind = 'found', takes = 0 } = script[count - 1] ?? {};
					await sleep(takes);
					if (kind === 'away') return away;
					return kind === 'none' ? failure(400, 'NOT_FOUND') : answer(ids);
				});
				const ended: Array<Map<string, Lookup>> = [];
				const promises: Array<Promise<unknown>> = [];
				for (const { pause, ids, keepTrying, limit } of asked) {
					await advance(pause);
					promises.push(ask(ids, { keepTrying, limit }).then((found) => ended.push(found)));
				}
				await advance(60_000);
				expect(ended).toHaveLength(asked.length);
				expect(ended.map((found) => [...found.keys()].sort().join()).sort()).toEqual(
					asked.map(({ ids }) => [...ids].sort().join()).sort(),
				);
				for (const [id, found] of ended.flatMap((one) => [...one])) {
					if (found.status === 'found') expect(found.record).toEqual({ id });
				}
				for (const { ids } of calls) {
					expect(ids.length).toBeLessThanOrEqual(50);
					expect(new Set(ids).size).toBe(ids.length);
				}
				expect(asked.length === 0 || isIdle()).toBe(true);
				await Promise.all(promises);
			}),
			{ numRuns: 60 },
		);
	});

	it('asks for none twice and forgets none, where the portal answers', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 40 }), async (pauses) => {
				const { ask, advance, calls } = world();
				const promises: Array<Promise<Map<string, Lookup>>> = [];
				for (const [index, pause] of pauses.entries()) {
					await advance(pause);
					promises.push(ask([String(index)], { limit: 15_000 }));
				}
				await advance(20_000);
				const found = (await Promise.all(promises)).flatMap((one) => [...one.values()]);
				expect(found.every(({ status }) => status === 'found')).toBe(true);
				const ids = calls.flatMap((call) => call.ids);
				expect(ids.sort()).toEqual(pauses.map((_, index) => String(index)).sort());
				const gaps = calls.slice(1).map(({ at, ids: sent }, index) => sent.length < 50 && at - (calls[index]?.at ?? 0));
				expect(gaps.every((gap) => gap === false || gap >= 2_000)).toBe(true);
			}),
			{ numRuns: 60 },
		);
	});
});

it('asks nothing about nothing', async () => {
	const { ask, calls } = world();
	expect([await ask([]), calls]).toEqual([new Map(), []]);
});
