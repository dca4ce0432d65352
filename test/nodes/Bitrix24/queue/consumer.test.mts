import { sleep } from 'n8n-workflow';

import { refused } from '../../../fakes/simulatedPortal.mjs';
import type { Given, Station } from './queueWorld.mjs';
import { called, consumerOf, consuming, pass, stationOf } from './queueWorld.mjs';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const each = (from: number, to: number) => range(from, to).map((id) => [String(id)]);
const shared = { ready: { isExclusive: false } };
beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('drain', () => {
	const drain = async (station: Station, batchSize: number) => {
		const { consumer } = consumerOf(station, { settings: { batchSize } });
		return { isMoreWaiting: await consumer.drain(station.ready), reservations: [...consumer.reservations] };
	};

	it.each([
		[false, 0, ['process-1', 'process-2']],
		[true, 1, []],
	])('handles one full batch after the other, and asks once more (on receipt: %p)', async (...given) => {
		const [isOnReceipt, clear, reservations] = given;
		const station = stationOf({ leads: range(1, 4), handling: { isOnReceipt } });
		expect(await drain(station, 2)).toEqual({ isMoreWaiting: false, reservations });
		expect(station.runs).toEqual([
			['1', '2'],
			['3', '4'],
		]);
		expect(station.left()).toEqual([]);
		expect(station.portal.callsOf('event.offline.get')).toEqual(Array(3).fill({ limit: 2, error: 0, clear }));
	});

	it('stops after twenty full batches, and says that more is waiting', async () => {
		const station = stationOf({ leads: range(1, 21) });
		expect((await drain(station, 1)).isMoreWaiting).toBe(true);
		expect(station.runs).toEqual(each(1, 20));
	});

	it('takes no more once the node closes', async () => {
		const station = stationOf({ leads: [1, 2] });
		station.end.of = () => {
			station.node.abort();
			return 'succeeded';
		};
		expect((await drain(station, 1)).isMoreWaiting).toBe(false);
		expect(station.portal.callsOf('event.offline.get')).toHaveLength(1);
	});

	it('takes the selected events only where others use the queue, in turns, so that none waits for another', async () => {
		const events = ['ONCRMLEADADD', 'ONCRMLEADDELETE'];
		const station = stationOf({ ready: { isExclusive: false, events }, handling: { events } });
		station.portal.queue(range(1, 3), { event: 'ONCRMLEADADD' });
		station.portal.queue(range(4, 5));
		station.portal.queue([6], { event: 'ONCRMDEALADD' });
		await drain(station, 1);
		expect(station.runs).toEqual([['1'], ['4'], ['2'], ['5'], ['3']]);
		expect(station.left()).toEqual(['6']);
		const asked = station.portal.callsOf('event.offline.get').map(({ filter }) => filter);
		expect(asked.slice(0, 2)).toEqual(events.map((event) => ({ '=EVENT_NAME': event })));
	});
});

describe('a poll', () => {
	it.each([true, false])('takes up first what anybody has left when it is the first (own: %p)', async (isExclusive) => {
		const station = stationOf({ leads: [1], ready: { isExclusive } });
		await station.ready.queue.reserve({ limit: 10, event: null });
		station.portal.queue([2]);
		consuming(station);
		await pass(0);
		expect([station.runs, station.left()]).toEqual([[['1'], ['2']], []]);
	});

	it('is followed by the next after a rest', async () => {
		const station = stationOf();
		const consumed = consuming(station, { settings: { checkEverySeconds: 60 } });
		await pass(0);
		station.portal.queue([1]);
		await pass(59_999);
		expect(station.runs).toEqual([]);
		await pass(1);
		expect(station.runs).toEqual([['1']]);
		expect([consumed.outages, consumed.prepared]).toEqual([['over', 'over'], 0]);
	});

	it('is followed by the next at once where more is waiting', async () => {
		const station = stationOf({ leads: range(1, 45) });
		consuming(station, { settings: { batchSize: 1 } });
		await pass(0);
		expect(station.runs).toHaveLength(45);
	});

	it('runs again what has paused, also while batch follows batch', async () => {
		const station = stationOf({ leads: range(1, 400), maxAttempts: 10 });
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
		const station = stationOf({ leads: [1], ready: { canReserve: false }, handling: { isOnReceipt: true } });
		consuming(station, { settings: { retryErrors: true } });
		await pass(0);
		expect([called(station), station.runs]).toEqual([['get'], [['1']]]);
	});

	it('lists reservations at the start and every ten minutes only, and runs what has paused without it', async () => {
		const station = stationOf({ leads: [1] });
		station.end.of = (_, count) => (count < 3 ? 'failed' : 'succeeded');
		consuming(station);
		await pass(599_999);
		expect(station.runs).toEqual([['1'], ['1'], ['1']]);
		const lists = station.portal.callsOf.bind(null, 'event.offline.list');
		const reservedLists = () => lists().filter(({ filter }) => '!PROCESS_ID' in Object(filter));
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
		const station = stationOf(shared);
		consuming(station);
		await pass(0);
		const another = { processId: 'of another', failures: 1, unknowns: 0, isFailed: false, dueAt: 0 };
		station.ready.retries.runAgain('9', another);
		called(station);
		await pass(30_000);
		expect(called(station)).toEqual(['get']);
	});

	it('takes nothing new while too much waits for another run, says so once, and goes on when a run succeeds', async () => {
		const station = stationOf({ leads: range(1, 30) });
		let isBroken = true;
		station.end.of = () => (isBroken ? 'failed' : 'succeeded');
		const { log } = consuming(station, { settings: { batchSize: 1 } });
		await pass(29_999);
		expect(station.runs).toHaveLength(20);
		isBroken = false;
		await pass(30_001);
		expect(station.left()).toEqual([]);
		expect(log).toEqual([
			'nothing new is taken from the queue, because too many events wait for another run. They stay in Bitrix24 until a run succeeds, or some of them have had all their runs.',
		]);
	});
});

describe('trouble with the portal', () => {
	it('ends nothing: the queue is made ready again after a while, and the one that was made ready last is read', async () => {
		const [station, renewed] = [stationOf(), stationOf()];
		renewed.portal.queue([1]);
		station.portal.troubles.set(2, 'refused');
		const consumed = consuming(station, { pauseAfter: 7_000, prepare: async () => renewed.ready });
		await pass(6_999);
		expect([renewed.left(), consumed.prepared]).toEqual([['1'], 0]);
		await pass(1);
		expect([renewed.left(), consumed.prepared]).toEqual([[], 1]);
		expect(consumed.outages).toEqual(['ACCESS_DENIED', 'over']);
	});

	it('is met again where the queue cannot be made ready', async () => {
		const station = stationOf();
		station.portal.troubles.set(1, 'unheard');
		let attempts = 0;
		const { outages } = consuming(station, {
			prepare: async (ready) => (++attempts < 3 ? await Promise.reject(new Error('not yet')) : ready),
		});
		await pass(15_000);
		expect(outages).toEqual(['NO_ANSWER', 'Error: not yet', 'Error: not yet', 'over']);
	});

	it('lets the portal be told first what it is owed', async () => {
		const station = stationOf({ leads: [1] });
		station.portal.answers.set('event.offline.clear', refused(503, 'OVERLOAD_LIMIT', ''));
		consuming(station);
		await pass(0);
		station.portal.answers.clear();
		called(station);
		await pass(5_000);
		expect(called(station)).toEqual(['clear', 'list', 'get']);
		expect([station.runs, station.left()]).toEqual([[['1']], []]);
	});

	it('makes it look for reservations of anybody in a queue that others use, which it leaves otherwise', async () => {
		const station = stationOf(shared);
		consuming(station);
		await pass(0);
		station.portal.queue([1]);
		await station.ready.queue.reserve({ limit: 1, event: null });
		await pass(90_000);
		expect(station.runs).toEqual([]);
		station.portal.queue([2]);
		// The reservation; its answer is lost.
		station.portal.troubles.set(station.portal.calls.length + 1, 'unanswered');
		await pass(65_000);
		expect(station.runs).toEqual([['1'], ['2']]);
	});
});

describe('a node that closes', () => {
	it.each(['unheard', null] as const)(
		'waits neither for the next look nor for the portal to recover',
		async (trouble) => {
			const station = stationOf();
			if (trouble !== null) station.portal.troubles.set(1, trouble);
			const consumed = consuming(station);
			await pass(10);
			station.node.abort();
			await pass(0);
			expect([consumed.hasEnded, jest.getTimerCount()]).toEqual([true, 0]);
		},
	);

	it('tells nobody that what it broke off did not succeed', async () => {
		const station = stationOf();
		let fail: (error: Error) => void = () => {};
		jest.spyOn(station.ready.queue, 'reserve').mockReturnValue(new Promise((_, reject) => (fail = reject)));
		const consumed = consuming(station);
		await pass(0);
		station.node.abort();
		fail(new Error('canceled'));
		await pass(0);
		expect([consumed.hasEnded, consumed.outages]).toEqual([true, []]);
	});

	it('looks at nothing where it is closed already', async () => {
		const station = stationOf();
		station.node.abort();
		const consumed = consuming(station);
		await pass(0);
		expect([consumed.hasEnded, station.portal.calls]).toEqual([true, []]);
	});
});

describe('what lies in failed when the trigger starts', () => {
	it.each([false, true])('is taken up again once where the user wants it: %p', async (retryErrors) => {
		const station = stationOf({ leads: [1] });
		station.portal.failAll();
		// By the next look, where the first did not succeed.
		station.portal.troubles.set(1, 'unheard');
		consuming(station, { settings: { retryErrors } });
		await pass(5_000);
		expect([station.runs, station.aside()]).toEqual(retryErrors ? [[['1']], []] : [[], ['1']]);
		called(station);
		station.portal.queue([2]);
		station.portal.failAll();
		await pass(30_000);
		expect(called(station)).toEqual(['get']);
		expect(station.aside()).toContain('2');
	});

	it.each([
		[
			1,
			'1 event lies aside in Bitrix24, because the workflow did not succeed with it. The option "Retry Errors" takes it up again at the next activation.',
		],
		[
			120,
			'120 events lie aside in Bitrix24, because the workflow did not succeed with them. The option "Retry Errors" takes them up again at the next activation.',
		],
	])('is counted in the log, but for that of others: %p', async (count, line) => {
		const station = stationOf({ ...shared, leads: range(1, count) });
		station.portal.queue([1], { event: 'ONCRMLEADADD' });
		station.portal.failAll();
		const { log } = consuming(station);
		await pass(0);
		expect([log, station.ready.memory.failed.size]).toEqual([[line], 0]);
		const pages = station.portal.callsOf('event.offline.list').filter(({ start }) => start !== undefined);
		expect(pages).toHaveLength(Math.ceil((count + 1) / 50));
	});

	it('comes back when it changes, although an earlier trigger has moved it', async () => {
		const station = stationOf({ leads: range(1, 60) });
		station.portal.failAll();
		consuming(station);
		await pass(60_000);
		station.portal.queue([7]);
		await pass(60_000);
		expect(station.runs).toEqual([['7']]);
	});
});

describe('what was moved to failed and changes again', () => {
	/** Lead 1 has failed for the last time; from now on everything succeeds. */
	async function withFailed(given: Given = {}) {
		const station = stationOf({ maxAttempts: 1, ...given });
		station.end.of = () => 'failed';
		station.portal.queue([1]);
		consuming(station);
		await pass(0);
		expect(station.aside()).toEqual(['1']);
		station.end.of = () => 'succeeded';
		// Time stamps are whole seconds.
		await pass(1_000);
		return station;
	}

	it.each([true, false])('comes back within a minute or so, and is looked at once a minute (own: %p)', async (is) => {
		const station = await withFailed({ ready: { isExclusive: is } });
		called(station);
		await pass(300_000);
		expect(station.runs).toHaveLength(1);
		expect(called(station).filter((method) => method === 'list')).toHaveLength(5);
		station.portal.queue([1]);
		await pass(90_000);
		expect([station.runs, station.portal.records()]).toEqual([[['1'], ['1']], []]);
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
		expect([station.runs, station.portal.records()]).toEqual([[['1'], ['1']], []]);
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

	it('waits while too much else waits for another run', async () => {
		const station = await withFailed();
		jest.spyOn(station.ready.retries, 'isFull').mockReturnValue(true);
		station.portal.queue([1]);
		await pass(90_000);
		expect(station.runs).toHaveLength(1);
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
		const station = await withFailed(shared);
		for (let count = 0; count < 2; count++) {
			station.portal.queue([2]);
			if (count === 0) station.portal.failAll();
			await pass(90_000);
		}
		expect([station.runs, station.aside()]).toEqual([[['1']], ['1', '2']]);
	});

	it('comes back where it has changed while the workflow was off', async () => {
		const { node, portal, ready } = await withFailed();
		node.abort();
		portal.queue([1]);
		const next = stationOf({ portal, ready: { memory: ready.memory } });
		consuming(next);
		await pass(61_000);
		expect(next.runs).toEqual([['1']]);
	});

	it('is forgotten where somebody else has taken it', async () => {
		const station = await withFailed();
		station.portal.simulator.queue.reserve({ appId: 17, connector: '' }, true, { matches: () => true, limit: 9 });
		await pass(90_000);
		expect(station.ready.memory.failed.size).toBe(0);
	});
});
