import { refused } from '../../../fakes/simulatedPortal.mjs';
import { called, consuming } from './consuming.mjs';
import type { Station } from './station.mjs';
import { stationOf } from './station.mjs';
import { pass } from './useActiveQueue.mjs';

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

	it('is met again where the queue can not be made ready', async () => {
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
		expect(called(station)).toEqual(['clear', 'get']);
		expect([station.runs, station.left()]).toEqual([[['1']], []]);
	});

	it('makes it look for reservations of anybody in a queue that others use, like activation', async () => {
		const station = stationOf({ ready: { isExclusive: false } });
		consuming(station);
		await pass(0);
		station.portal.queue([1]);
		// The look, the reservation; its answer is lost.
		station.portal.troubles.set(station.portal.calls.length + 2, 'unanswered');
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
