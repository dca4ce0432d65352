import { sleep } from 'n8n-workflow';

import { called, consuming } from './consuming.mjs';
import { stationOf } from './station.mjs';
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

	it('looks for what is left over as often as it rests, also while batch follows batch', async () => {
		const station = stationOf({ maxAttempts: 10 });
		station.portal.queue(range(1, 200));
		station.end.of = async (ids) => {
			await sleep(1_000);
			return ids.includes('1') ? 'failed' : 'succeeded';
		};
		consuming(station, { settings: { batchSize: 1 } });
		await pass(100_000);
		const failed = station.runs.flatMap((ids, index) => (ids.includes('1') ? [index] : []));
		expect(failed).toEqual([0, 40, 81]);
	});

	it('does not look for what is left over where records can not be reserved', async () => {
		const station = stationOf({ ready: { canReserve: false }, handling: { isOnReceipt: true } });
		station.portal.queue([1]);
		consuming(station, { settings: { retryErrors: true } });
		await pass(0);
		expect(called(station)).toEqual(['get']);
		expect(station.runs).toEqual([['1']]);
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
		expect(called(station)).toEqual(['list', 'get']);
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
