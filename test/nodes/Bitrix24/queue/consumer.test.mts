import { sleep } from 'n8n-workflow';

import { refused } from '../../../fakes/simulatedPortal.mjs';
import type { Station } from './queueWorld.mjs';
import { called, consuming, stationOf } from './queueWorld.mjs';
import { pass } from './useActiveQueue.mjs';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('a look at the queue', () => {
	it('takes up what is left over first, and then what waits', async () => {
		const station = stationOf();
		station.portal.queue([1]);
		await station.ready.queue.reserve({ limit: 10, event: null });
		station.portal.queue([2]);
		consuming(station);
		await pass(0);
		expect(station.runs).toEqual([['1'], ['2']]);
		expect(station.left()).toEqual([]);
	});

	it('takes up what anybody has reserved when it is the first in a queue that others use', async () => {
		const station = stationOf({ ready: { isExclusive: false } });
		station.portal.queue([1]);
		await station.ready.queue.reserve({ limit: 10, event: null });
		consuming(station);
		await pass(0);
		expect(station.runs).toEqual([['1']]);
	});

	it('is followed by the next after a rest', async () => {
		const station = stationOf();
		const { outages } = consuming(station, { settings: { checkEverySeconds: 60 } });
		await pass(0);
		station.portal.queue([1]);
		await pass(59_999);
		expect(station.runs).toEqual([]);
		await pass(1);
		expect(station.runs).toEqual([['1']]);
		expect(outages).toEqual(['over', 'over']);
	});

	it('asks for as many records as the user wants', async () => {
		const station = stationOf();
		consuming(station, { settings: { batchSize: 7 } });
		await pass(0);
		expect(station.portal.callsOf('event.offline.get')).toEqual([{ limit: 7, error: 0, clear: 0 }]);
	});

	it('is followed by the next at once where more is waiting', async () => {
		const station = stationOf();
		station.portal.queue(range(1, 45));
		consuming(station, { settings: { batchSize: 1 } });
		await pass(0);
		expect(station.runs).toHaveLength(45);
	});

	it('runs again what has paused, also while batch follows batch', async () => {
		const station = stationOf({ maxAttempts: 10 });
		station.portal.queue(range(1, 400));
		station.end.of = async (ids) => {
			await sleep(1_000);
			return ids.includes('1') ? 'failed' : 'succeeded';
		};
		consuming(station, { settings: { batchSize: 1 } });
		await pass(200_000);
		const failed = station.runs.flatMap((ids, index) => (ids.includes('1') ? [index] : []));
		expect(failed).toEqual([0, 40, 161]);
	});

	it('does not look for what is left over where records cannot be reserved', async () => {
		const station = stationOf({ ready: { canReserve: false }, handling: { isOnReceipt: true } });
		station.portal.queue([1]);
		consuming(station, { settings: { retryErrors: true } });
		await pass(0);
		expect(called(station)).toEqual(['get']);
		expect(station.runs).toEqual([['1']]);
	});
});

describe('what is due when', () => {
	it('lists reservations at the start and every ten minutes only, and runs what has paused without it', async () => {
		const station = stationOf();
		station.portal.queue([1]);
		station.end.of = (_, count) => (count < 3 ? 'failed' : 'succeeded');
		consuming(station);
		await pass(599_999);
		expect(station.runs).toEqual([['1'], ['1'], ['1']]);
		const reservedLists = () =>
			station.portal.callsOf('event.offline.list').filter(({ filter }) => '!PROCESS_ID' in Object(filter));
		expect(reservedLists()).toHaveLength(1);
		await pass(30_001);
		expect(reservedLists()).toHaveLength(2);
	});

	it('lists reservations after an answer that got lost, also where a repeated call has hidden it', async () => {
		const station = stationOf();
		consuming(station);
		await pass(0);
		called(station);
		station.ready.queue.hasLostAnswer = true;
		await pass(60_000);
		expect(called(station)).toEqual(['list', 'get', 'get']);
	});

	it('runs what pauses in a shared queue only where it is its own', async () => {
		const station = stationOf({ ready: { isExclusive: false } });
		station.portal.queue([1]);
		consuming(station);
		await pass(0);
		const another = { processId: 'of another', failures: 1, unknowns: 0, isFailed: false, dueAt: 0 };
		station.ready.retries.runAgain('9', another);
		called(station);
		await pass(30_000);
		expect(called(station)).toEqual(['get']);
	});

	it('takes nothing new while too much waits for another run, says so once, and goes on when a run succeeds', async () => {
		const station = stationOf();
		station.portal.queue(range(1, 30));
		let isBroken = true;
		station.end.of = () => (isBroken ? 'failed' : 'succeeded');
		const { log } = consuming(station, { settings: { batchSize: 1 } });
		await pass(29_999);
		expect(station.runs).toHaveLength(20);
		isBroken = false;
		await pass(30_001);
		expect(station.left()).toEqual([]);
		expect(log).toEqual([expect.stringMatching(/^nothing new is taken from the queue/)]);
	});

	it('begins no run of what has paused once the node closes', async () => {
		const station = stationOf({ execution: 'perEvent' });
		station.portal.queue([1]);
		station.end.of = () => 'failed';
		consuming(station);
		await pass(0);
		station.portal.queue([2]);
		await pass(30_000);
		station.end.of = () => {
			station.node.abort();
			return 'failed';
		};
		station.ready.retries.runAgain('1', {
			processId: 'process-1',
			failures: 1,
			unknowns: 0,
			isFailed: false,
			dueAt: 0,
		});
		await pass(30_000);
		expect(station.runs).toEqual([['1'], ['1'], ['2'], ['1']]);
	});
});

describe('records that were put aside', () => {
	const withError = () => {
		const station = stationOf();
		station.portal.queue([1]);
		station.portal.failAll();
		return station;
	};

	it('stay where the user does not want them again', async () => {
		const station = withError();
		consuming(station);
		await pass(60_000);
		expect([station.runs, station.aside()]).toEqual([[], ['1']]);
	});

	it('are taken up again at activation, once', async () => {
		const station = withError();
		consuming(station, { settings: { retryErrors: true } });
		await pass(0);
		expect(station.runs).toEqual([['1']]);
		called(station);
		station.portal.queue([2]);
		station.portal.failAll();
		await pass(30_000);
		expect(called(station)).toEqual(['get']);
		expect(station.aside()).toEqual(['2']);
	});

	it('are taken up by the next look where the first did not succeed', async () => {
		const station = withError();
		station.portal.troubles.set(1, 'unheard');
		consuming(station, { settings: { retryErrors: true } });
		await pass(5_000);
		expect(station.runs).toEqual([['1']]);
	});
});

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('trouble with the portal', () => {
	it('ends nothing: the queue is made ready again after a while, and read', async () => {
		const station = stationOf();
		station.portal.queue([1]);
		station.portal.troubles.set(2, 'refused');
		const consumed = consuming(station, { pauseAfter: 7_000 });
		await pass(6_999);
		expect([station.runs, consumed.prepared]).toEqual([[], 0]);
		await pass(1);
		expect([station.runs, consumed.prepared]).toEqual([[['1']], 1]);
		expect(consumed.outages).toEqual(['ACCESS_DENIED', 'over']);
	});

	it('is met again where the queue cannot be made ready', async () => {
		const station = stationOf();
		station.portal.troubles.set(1, 'unheard');
		let attempts = 0;
		const consumed = consuming(station, {
			prepare: async (ready) => {
				if (++attempts < 3) throw new Error('not yet');
				return ready;
			},
		});
		await pass(15_000);
		expect(consumed.outages).toEqual(['NO_ANSWER', 'Error: not yet', 'Error: not yet', 'over']);
	});

	it('does not make the queue ready where there was none', async () => {
		const station = stationOf();
		const consumed = consuming(station);
		await pass(90_000);
		expect(consumed.prepared).toBe(0);
	});

	it('reads the queue that was made ready last', async () => {
		const [old, renewed] = [stationOf(), stationOf()];
		renewed.portal.queue([1]);
		old.portal.troubles.set(1, 'refused');
		consuming(old, { prepare: async () => renewed.ready });
		await pass(5_000);
		expect(old.runs).toEqual([['1']]);
		expect(renewed.left()).toEqual([]);
	});

	it('lets the portal be told first what it is owed', async () => {
		const station = stationOf();
		station.portal.queue([1]);
		station.portal.answers.set('event.offline.clear', refused(503, 'OVERLOAD_LIMIT', ''));
		consuming(station);
		await pass(0);
		expect(station.runs).toEqual([['1']]);
		station.portal.answers.clear();
		called(station);
		await pass(5_000);
		expect(called(station)).toEqual(['clear', 'list', 'get']);
		expect([station.runs, station.left()]).toEqual([[['1']], []]);
	});

	it('makes it look for reservations of anybody in a queue that others use, like activation', async () => {
		const station = stationOf({ ready: { isExclusive: false } });
		consuming(station);
		await pass(0);
		station.portal.queue([1]);
		// The reservation; its answer is lost.
		station.portal.troubles.set(station.portal.calls.length + 1, 'unanswered');
		await pass(30_000);
		expect(station.runs).toEqual([]);
		await pass(35_000);
		expect(station.runs).toEqual([['1']]);
	});

	it('leaves the reservations of others where there was none', async () => {
		const station = stationOf({ ready: { isExclusive: false } });
		consuming(station);
		await pass(0);
		station.portal.queue([1]);
		await station.ready.queue.reserve({ limit: 1, event: null });
		await pass(90_000);
		expect(station.runs).toEqual([]);
	});
});

describe('a node that closes', () => {
	const closes = async (station: Station, work: () => Promise<void>) => {
		const consumed = consuming(station);
		await work();
		station.node.abort();
		await pass(0);
		return consumed.hasEnded;
	};

	it('does not wait for the next look', async () => {
		const station = stationOf();
		expect(await closes(station, async () => await pass(10))).toBe(true);
		expect(jest.getTimerCount()).toBe(0);
	});

	it('does not wait for the portal to recover', async () => {
		const station = stationOf();
		station.portal.troubles.set(1, 'unheard');
		expect(await closes(station, async () => await pass(10))).toBe(true);
		expect(jest.getTimerCount()).toBe(0);
	});

	it('tells nobody that what it broke off did not succeed', async () => {
		const station = stationOf();
		let fail: (error: Error) => void = () => {};
		const { queue } = station.ready;
		station.ready.queue = {
			...queue,
			reserve: async () => await new Promise((_, reject) => (fail = reject)),
		};
		const consumed = consuming(station);
		await pass(0);
		station.node.abort();
		fail(new Error('canceled'));
		await pass(0);
		expect([consumed.hasEnded, consumed.outages]).toEqual([true, []]);
	});

	it('lets a run settle that is under way, and looks no more', async () => {
		const station = stationOf();
		station.portal.queue([1]);
		let end: (verdict: 'succeeded') => void = () => {};
		station.end.of = async () => await new Promise((resolve) => (end = resolve));
		expect(await closes(station, async () => await pass(10))).toBe(false);
		called(station);
		end('succeeded');
		await pass(0);
		expect(called(station)).toEqual(['clear']);
		expect(station.left()).toEqual([]);
	});

	it('looks at nothing where it is closed already', async () => {
		const station = stationOf();
		station.node.abort();
		const consumed = consuming(station);
		await pass(0);
		expect([consumed.hasEnded, station.portal.calls]).toEqual([true, []]);
	});
});

describe('what was moved to failed and changes again', () => {
	/** Lead 1 has failed for the last time; from now on everything succeeds. */
	async function withFailed(
		given: Parameters<typeof stationOf>[0] = {},
		execution: 'perBatch' | 'perEvent' = 'perBatch',
	) {
		const station = stationOf({ execution, maxAttempts: 1, ...given });
		station.end.of = () => 'failed';
		station.portal.queue([1]);
		const { log } = consuming(station);
		await pass(0);
		expect(station.aside()).toEqual(['1']);
		station.end.of = () => 'succeeded';
		// Time stamps are whole seconds.
		await pass(1_000);
		return { ...station, log };
	}

	it.each([true, false])('comes back within a minute or so (own queue: %p)', async (isExclusive) => {
		const station = await withFailed({ ready: { isExclusive } });
		await pass(300_000);
		expect(station.runs).toHaveLength(1);
		station.portal.queue([1]);
		await pass(90_000);
		expect(station.runs).toEqual([['1'], ['1']]);
		expect(station.portal.records()).toEqual([]);
	});

	it('is looked at once a minute at most, and no more once it is gone', async () => {
		const station = await withFailed();
		called(station);
		await pass(300_000);
		expect(called(station).filter((method) => method === 'list')).toHaveLength(5);
		station.portal.queue([1]);
		await pass(90_000);
		called(station);
		await pass(180_000);
		expect(new Set(called(station))).toEqual(new Set(['get']));
	});

	it('comes back although the answer to its reservation got lost', async () => {
		const station = await withFailed();
		station.portal.queue([1]);
		const { reserve } = station.ready.queue;
		jest.spyOn(station.ready.queue, 'reserve').mockImplementationOnce(async (...selection) => {
			await reserve(...selection);
			throw new Error('lost');
		});
		await pass(180_000);
		expect(station.runs).toEqual([['1'], ['1']]);
		expect(station.portal.records()).toEqual([]);
	});

	it('comes back one after the other, and no more once too much waits', async () => {
		const station = await withFailed();
		station.portal.queue([2]);
		station.portal.failAll();
		await pass(61_000);
		station.portal.queue([1, 2]);
		const isFull = jest.spyOn(station.ready.retries, 'isFull');
		isFull.mockReturnValueOnce(false).mockReturnValueOnce(false).mockReturnValue(true);
		await pass(120_000);
		expect([station.runs.length, station.aside()]).toEqual([2, [expect.any(String)]]);
	});

	it('comes back once an hour at most', async () => {
		const station = await withFailed();
		station.end.of = () => 'failed';
		const change = async () => {
			station.portal.queue([1]);
			await pass(120_000);
		};
		await change();
		// It stays reserved now: what changes next is a record of its own.
		expect(station.portal.records()).toMatchObject([{ ID: '1', ERROR: '1', PROCESS_ID: expect.stringMatching(/./) }]);
		await change();
		expect([station.runs, station.aside()]).toEqual([[['1'], ['1'], ['2']], ['2']]);
		station.end.of = () => 'succeeded';
		await change();
		expect(station.runs).toHaveLength(3);
		await pass(3_600_000);
		expect(station.runs.slice(3)).toEqual([['2']]);
	});

	it('of others in a shared queue stays, and so does what nobody has changed', async () => {
		const station = await withFailed({ ready: { isExclusive: false } });
		station.portal.queue([2]);
		station.portal.failAll();
		await pass(90_000);
		station.portal.queue([2]);
		await pass(90_000);
		expect([station.runs, station.aside()]).toEqual([[['1']], ['1', '2']]);
	});

	it('is forgotten where somebody else has taken it', async () => {
		const station = await withFailed();
		station.portal.simulator.queue.reserve({ appId: 17, connector: '' }, true, { matches: () => true, limit: 9 });
		await pass(90_000);
		expect(station.ready.memory.failed.size).toBe(0);
	});

	it('waits while too much else waits for another run', async () => {
		const station = await withFailed();
		jest.spyOn(station.ready.retries, 'isFull').mockReturnValue(true);
		station.portal.queue([1]);
		await pass(90_000);
		expect(station.runs).toHaveLength(1);
	});

	it('is counted in the log when the trigger starts', async () => {
		for (const [count, words] of [
			[1, '1 event lies aside in Bitrix24'],
			[120, '120 events lie aside in Bitrix24'],
		] as const) {
			const station = stationOf();
			station.portal.queue(range(1, count));
			station.portal.queue([1], { event: 'ONCRMLEADADD' });
			station.portal.failAll();
			station.ready.isExclusive = false;
			const { log } = consuming(station);
			await pass(0);
			expect(log).toEqual([expect.stringContaining(words)]);
			expect(station.ready.memory.failed.size).toBe(0);
			station.node.abort();
		}
	});

	it('comes back too where an earlier trigger has moved it', async () => {
		const station = stationOf();
		station.portal.queue(range(1, 60));
		station.portal.failAll();
		consuming(station);
		await pass(0);
		await pass(60_000);
		station.portal.queue([7]);
		await pass(60_000);
		expect(station.runs).toEqual([['7']]);
	});
});
