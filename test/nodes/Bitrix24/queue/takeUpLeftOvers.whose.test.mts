import { reserveAll, takeUp } from './leftOvers.mjs';
import type { Station } from './station.mjs';
import { stationOf } from './station.mjs';

describe('records that were put aside', () => {
	async function retried(): Promise<Station> {
		const station = stationOf({ maxAttempts: 1 });
		station.portal.queue([1, 2]);
		station.portal.failAll();
		await station.ready.queue.reserve({ limit: 10, event: null, failed: true });
		station.end.of = (ids) => (ids.includes('1') ? 'failed' : 'succeeded');
		return station;
	}

	it('are left where the user does not want them', async () => {
		const station = await retried();
		await takeUp(station);
		expect(station.runs).toEqual([]);
	});

	it('are taken up where the user wants it, and given up again when they fail', async () => {
		const station = await retried();
		await takeUp(station, { retryErrors: true });
		expect(station.runs).toEqual([['1', '2'], ['1'], ['2']]);
		expect(station.portal.records().map(({ ID, ERROR, PROCESS_ID }) => [ID, ERROR, PROCESS_ID])).toEqual([
			['1', '1', 'process-1'],
		]);
		await takeUp(station, { retryErrors: true });
		expect(station.runs).toHaveLength(3);
	});
});

describe('a queue that others use', () => {
	const shared = () => stationOf({ ready: { isExclusive: false } });

	it('keeps the reservations of others, whose they may be', async () => {
		const station = shared();
		station.portal.queue([1, 2]);
		await reserveAll(station, 1);
		await takeUp(station, { reservations: new Set(['process-2']) });
		expect(station.runs).toEqual([['2']]);
	});

	it('is looked through for those of anybody where nobody can tell, but for the selected events only', async () => {
		const station = shared();
		station.portal.queue([1]);
		station.portal.queue([2], { event: 'ONCRMLEADADD' });
		await reserveAll(station, 1);
		await takeUp(station, { ofAnybody: true });
		expect(station.runs).toEqual([['1']]);
		expect(station.left()).toEqual(['2']);
	});

	it('does not lose hold of what was taken up and did not succeed', async () => {
		const station = shared();
		station.portal.queue([1]);
		await reserveAll(station, 10);
		station.end.of = () => 'failed';
		const reservations = new Set(await takeUp(station, { ofAnybody: true }));
		expect([...reservations]).toEqual(['process-1']);
		await takeUp(station, { reservations });
		expect(station.runs).toEqual([['1'], ['1']]);
	});

	it('asks for no reservation of its own in which only events of others are left', async () => {
		const station = shared();
		station.portal.queue([1], { event: 'ONCRMLEADADD' });
		await reserveAll(station, 10);
		await takeUp(station, { reservations: new Set(['process-1']) });
		expect(station.portal.callsOf('event.offline.get')).toEqual([]);
	});

	it('forgets the reservations of which nothing is left', async () => {
		const station = shared();
		station.portal.queue([1, 2]);
		await reserveAll(station, 1);
		station.end.of = (ids) => (ids.includes('1') ? 'succeeded' : 'failed');
		const reservations = new Set(['long ago', 'process-1', 'process-2']);
		await takeUp(station, { reservations });
		expect(station.runs).toEqual([['1'], ['2']]);
		await takeUp(station, { reservations });
		expect([...reservations]).toEqual(['process-2']);
	});
});
