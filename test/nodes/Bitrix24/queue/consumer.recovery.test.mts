import { whileInFlight } from '../../../../nodes/Bitrix24/queue/processBatch.js';
import { reserveFailed } from '../../../../nodes/Bitrix24/queue/recovery.js';
import type { Given } from './queueWorld.mjs';
import { reserveAll, stationOf, takeUp } from './queueWorld.mjs';

/** So many records, reserved by somebody who died, so many at a time. */
async function reserved(count: number, limit: number, given: Given = {}) {
	const station = stationOf(given);
	station.portal.queue(Array.from({ length: count }, (_, index) => index + 1));
	await reserveAll(station, limit);
	return station;
}

describe('recoverReservations', () => {
	it('takes up every reservation in the order of the queue, each once, and nothing that is not reserved', async () => {
		const station = await reserved(5, 2);
		station.portal.queue([6]);
		station.end.of = () => 'failed';
		await takeUp(station);
		expect(station.runs).toEqual([['1', '2'], ['3', '4'], ['5']]);
		await takeUp(station);
		expect(station.runs).toHaveLength(3);
		expect(station.portal.callsOf('event.offline.list')[0]).toMatchObject({ filter: { '>ID': '0' } });
		station.clock.now += 30_000;
		await takeUp(station);
		expect(station.runs).toHaveLength(6);
	});

	it.each([
		['1', [['2'], ['3']]],
		[null, []],
		['no number', []],
	])('goes on behind a record in an unknown form that stays, where it names its id (%p)', async (id, runs) => {
		const station = await reserved(3, 100);
		const { fetchReserved } = station.ready.queue;
		jest.spyOn(station.ready.queue, 'fetchReserved').mockImplementation(async (...asked) => {
			const batch = await fetchReserved(...asked);
			const records = batch.records.filter(({ ID }) => ID !== '1');
			const isHere = records.length < batch.records.length;
			return { ...batch, records, strange: isHere ? [{ id, messageId: null, event: null }] : [] };
		});
		await takeUp(station, { batchSize: 1 });
		expect(station.runs).toEqual(runs);
		expect(station.left()).toContain('1');
	});

	it('hands out a reservation in parts where a batch is smaller now, each behind the last record of the other', async () => {
		const station = await reserved(4, 100);
		station.end.of = () => 'failed';
		await takeUp(station, { batchSize: 2 });
		expect(station.runs).toEqual([
			['1', '2'],
			['3', '4'],
		]);
		const asked = station.portal.callsOf('event.offline.get').map(({ filter }) => filter);
		expect(asked).toEqual(['0', '2', '4'].map((id) => ({ '>ID': id })));
	});

	it('finds reservations beyond the first page of the list', async () => {
		const station = await reserved(130, 60);
		station.end.of = () => 'failed';
		await takeUp(station);
		expect(station.runs.map((ids) => ids.length)).toEqual([60, 60, 10]);
	});

	it('leaves what this process is running, and finds what lies behind it', async () => {
		const station = await reserved(2, 1);
		await whileInFlight('process-1', async () => void (await takeUp(station)));
		expect(station.runs).toEqual([['2']]);
		expect(station.portal.callsOf('event.offline.get')).toMatchObject([{ process_id: 'process-2' }]);
		await takeUp(station);
		expect(station.runs).toEqual([['2'], ['1']]);
	});

	it('takes up no more once the node closes, and nothing where it closes while it looks', async () => {
		const station = await reserved(4, 2);
		station.end.of = () => {
			station.node.abort();
			return 'unknown';
		};
		await takeUp(station, { batchSize: 1 });
		await takeUp(station);
		expect(station.runs).toEqual([['1']]);
		expect(station.portal.callsOf('event.offline.get')).toHaveLength(1);
	});

	it('recovers what was moved to failed and is reserved again like others, and gives it up again when it fails', async () => {
		const station = stationOf({ leads: [1, 2], maxAttempts: 1 });
		station.portal.failAll();
		await station.ready.queue.reserve({ limit: 10, event: null, failed: true });
		station.end.of = (ids) => (ids.includes('1') ? 'failed' : 'succeeded');
		for (const pause of [0, 30_000, 120_000, 480_000]) {
			station.clock.now += pause;
			await takeUp(station);
		}
		expect(station.runs).toEqual([['1', '2'], ['1'], ['2']]);
		expect(station.portal.records()).toMatchObject([{ ID: '1', ERROR: '1', PROCESS_ID: 'process-1' }]);
	});
});

describe('a queue that others use', () => {
	const shared = async (count: number) => await reserved(count, 1, { ready: { isExclusive: false } });

	it('keeps the reservations of others, whose they may be', async () => {
		const station = await shared(2);
		await takeUp(station, { reservations: new Set(['process-2']) });
		expect(station.runs).toEqual([['2']]);
	});

	it('is looked through for those of anybody where nobody can tell, but for the selected events only', async () => {
		const station = await shared(1);
		station.portal.queue([2], { event: 'ONCRMLEADADD' });
		await reserveAll(station, 10);
		station.end.of = () => 'failed';
		const reservations = new Set(await takeUp(station, { ofAnybody: true }));
		expect([...reservations]).toEqual(['process-1']);
		station.clock.now += 30_000;
		// It does not lose hold of what did not succeed, and asks for none in which only events of others are left.
		await takeUp(station, { reservations: new Set([...reservations, 'process-2']) });
		expect(station.runs).toEqual([['1'], ['1']]);
		const asked = station.portal.callsOf('event.offline.get').map(({ process_id: processId }) => processId);
		expect(asked).toEqual(['process-1', 'process-1']);
	});

	it('forgets the reservations of which nothing is left', async () => {
		const station = await shared(2);
		station.end.of = (ids) => (ids.includes('1') ? 'succeeded' : 'failed');
		const reservations = new Set(['long ago', 'process-1', 'process-2']);
		for (let count = 0; count < 2; count++) await takeUp(station, { reservations });
		expect(station.runs).toEqual([['1'], ['2']]);
		expect([...reservations]).toEqual(['process-2']);
	});
});

describe('reserveFailed', () => {
	const events = ['ONCRMLEADADD', 'ONCRMLEADDELETE'];

	/** Records of three events that were put aside, and one that waits. */
	function withFailed(given: Given = {}) {
		const station = stationOf(given);
		for (const event of [...events, 'ONCRMDEALADD']) station.portal.queue([1, 2, 3], { event });
		station.portal.failAll();
		station.portal.queue([4]);
		const asked = () => station.portal.callsOf('event.offline.get');
		return { ...station, asked };
	}

	it.each([
		[4, 3],
		// A full batch may have been the last.
		[9, 2],
	])('reserves everything that was put aside in a queue of the trigger, %p at a time', async (batchSize, calls) => {
		const { ready, portal, aside, asked } = withFailed();
		const reservations = new Set(['earlier']);
		await reserveFailed(ready, { reservations, batchSize });
		expect(aside()).toEqual([]);
		const processes = portal.records().flatMap(({ PROCESS_ID }) => PROCESS_ID || []);
		expect(reservations).toEqual(new Set(['earlier', ...processes]));
		expect([processes.length, asked()]).toEqual([9, Array(calls).fill({ limit: batchSize, error: 1, clear: 0 })]);
	});

	it('leaves events that others want in a queue that is shared', async () => {
		const { ready, aside, asked } = withFailed({ ready: { isExclusive: false, events } });
		await reserveFailed(ready, { reservations: new Set(), batchSize: 100 });
		expect(aside()).toEqual(['7', '8', '9']);
		expect(asked().map(({ filter }) => filter)).toEqual(events.map((event) => ({ '=EVENT_NAME': event })));
	});

	it('notes no reservation that has no name', async () => {
		const { ready } = stationOf();
		const reservations = new Set<string>();
		const unnamed = { processId: null, isFailed: true, size: 1, records: [], strange: [] };
		jest.spyOn(ready.queue, 'reserve').mockResolvedValue(unnamed);
		await reserveFailed(ready, { reservations, batchSize: 10 });
		expect(reservations.size).toBe(0);
	});
});
