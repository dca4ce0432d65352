import { whileInFlight } from '../../../../nodes/Bitrix24/queue/processBatch.js';
import { reserveFailed } from '../../../../nodes/Bitrix24/queue/recovery.js';
import { reserveAll, takeUp } from './consumerSteps.mjs';
import type { Station } from './queueWorld.mjs';
import { stationOf } from './queueWorld.mjs';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('recoverReservations', () => {
	it('takes up every reservation in the order of the queue, each once', async () => {
		const station = stationOf();
		station.portal.queue(range(1, 5));
		await reserveAll(station, 2);
		station.end.of = () => 'failed';
		await takeUp(station);
		expect(station.runs).toEqual([['1', '2'], ['3', '4'], ['5']]);
		await takeUp(station);
		expect(station.runs).toHaveLength(3);
		station.clock.now += 30_000;
		await takeUp(station);
		expect(station.runs).toHaveLength(6);
	});

	it('leaves what nobody has reserved', async () => {
		const station = stationOf();
		station.portal.queue([1]);
		await reserveAll(station, 10);
		station.portal.queue([2]);
		await takeUp(station);
		expect(station.runs).toEqual([['1']]);
		expect(station.left()).toEqual(['2']);
	});

	it('asks once where nothing is reserved', async () => {
		const station = stationOf();
		await takeUp(station);
		expect(station.portal.calls.map(({ method }) => method)).toEqual(['event.offline.list']);
		expect(station.portal.callsOf('event.offline.list')).toMatchObject([{ filter: { '>ID': '0' } }]);
	});

	it('hands out a reservation in parts where a batch is smaller now', async () => {
		const station = stationOf();
		station.portal.queue(range(1, 5));
		await reserveAll(station, 100);
		await takeUp(station, { batchSize: 2 });
		expect(station.runs).toEqual([['1', '2'], ['3', '4'], ['5']]);
		expect(station.left()).toEqual([]);
	});

	it.each([
		['1', [['2'], ['3']]],
		[null, []],
		['no number', []],
	])('goes on behind a record in an unknown form that stays, where it names its id (%p)', async (id, runs) => {
		const station = stationOf();
		station.portal.queue(range(1, 3));
		await reserveAll(station, 100);
		const { fetchReserved } = station.ready.queue;
		jest.spyOn(station.ready.queue, 'fetchReserved').mockImplementation(async (...asked) => {
			const batch = await fetchReserved(...asked);
			const [strange, records] = [true, false].map((is) => batch.records.filter(({ ID }) => (ID === '1') === is));
			return {
				...batch,
				records: records ?? [],
				strange: (strange ?? []).map(() => ({ id, messageId: null, event: null })),
			};
		});
		await takeUp(station, { batchSize: 1 });
		expect(station.runs).toEqual(runs);
		expect(station.left()).toContain('1');
	});

	it('goes on behind the last record of a part, also where that is left', async () => {
		const station = stationOf();
		station.portal.queue(range(1, 4));
		await reserveAll(station, 100);
		station.end.of = () => 'failed';
		await takeUp(station, { batchSize: 2 });
		expect(station.runs).toEqual([
			['1', '2'],
			['3', '4'],
		]);
		expect(station.portal.callsOf('event.offline.get').map(({ filter }) => filter)).toEqual(
			['0', '2', '4'].map((id) => ({ '>ID': id })),
		);
	});

	it('finds reservations beyond the first page of the list', async () => {
		const station = stationOf();
		station.portal.queue(range(1, 130));
		await reserveAll(station, 60);
		station.end.of = () => 'failed';
		await takeUp(station);
		expect(station.runs.map((ids) => ids.length)).toEqual([60, 60, 10]);
	});

	it('leaves what this process is running, and finds what lies behind it', async () => {
		const station = stationOf();
		station.portal.queue([1, 2]);
		await reserveAll(station, 1);
		await whileInFlight('process-1', async () => void (await takeUp(station)));
		expect(station.runs).toEqual([['2']]);
		expect(station.portal.callsOf('event.offline.get')).toMatchObject([{ process_id: 'process-2' }]);
		await takeUp(station);
		expect(station.runs).toEqual([['2'], ['1']]);
	});

	it('confirms what was reserved of events that are not wanted any more', async () => {
		const station = stationOf();
		station.portal.queue([1], { event: 'ONCRMLEADADD' });
		await reserveAll(station, 10);
		await takeUp(station);
		expect([station.runs, station.left()]).toEqual([[], []]);
	});

	it('takes up no more once the node closes', async () => {
		const station = stationOf();
		station.portal.queue(range(1, 4));
		await reserveAll(station, 2);
		station.end.of = () => {
			station.node.abort();
			return 'unknown';
		};
		await takeUp(station, { batchSize: 1 });
		expect(station.runs).toEqual([['1']]);
		expect(station.portal.callsOf('event.offline.get')).toHaveLength(1);
	});

	it('starts nothing where the node closes while it looks', async () => {
		const station = stationOf();
		station.portal.queue([1]);
		await reserveAll(station, 10);
		station.node.abort();
		await takeUp(station);
		expect(station.portal.calls.map(({ method }) => method)).toEqual(['event.offline.list']);
	});

	it('goes no further when the portal refuses', async () => {
		const station = stationOf();
		station.portal.queue([1]);
		await reserveAll(station, 10);
		station.portal.troubles.set(2, 'refused');
		await expect(takeUp(station)).rejects.toThrow('Bitrix24 denied access');
		expect(station.runs).toEqual([]);
	});
});

describe('records that were put aside', () => {
	async function retried(): Promise<Station> {
		const station = stationOf({ maxAttempts: 1 });
		station.portal.queue([1, 2]);
		station.portal.failAll();
		await station.ready.queue.reserve({ limit: 10, event: null, failed: true });
		station.end.of = (ids) => (ids.includes('1') ? 'failed' : 'succeeded');
		return station;
	}

	it('and are reserved again are recovered like others, and given up again when they fail', async () => {
		const station = await retried();
		await takeUp(station);
		expect(station.runs).toEqual([['1', '2']]);
		for (const pause of [30_000, 120_000, 480_000]) {
			station.clock.now += pause;
			await takeUp(station);
		}
		expect(station.runs).toEqual([['1', '2'], ['1'], ['2']]);
		expect(station.portal.records().map(({ ID, ERROR, PROCESS_ID }) => [ID, ERROR, PROCESS_ID])).toEqual([
			['1', '1', 'process-1'],
		]);
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
		station.clock.now += 30_000;
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

const everything = ['ONCRMLEADADD', 'ONCRMLEADDELETE'];

/** A queue in which some records of each event were put aside, and one waits. */
function queueWithErrors(ready: Parameters<typeof stationOf>[0] = {}) {
	const station = stationOf(ready);
	const { portal } = station;
	for (const event of ['ONCRMLEADDELETE', 'ONCRMLEADADD', 'ONCRMDEALADD']) portal.queue([1, 2, 3], { event });
	portal.failAll();
	portal.queue([4]);
	const reserved = () =>
		portal
			.records()
			.filter((row) => row.PROCESS_ID !== '')
			.map(({ ID }) => ID);
	return { ...station, reserved };
}

describe('reserveFailed', () => {
	it('reserves everything that was put aside in a queue of the trigger, and notes the reservations', async () => {
		const { ready, portal, reserved } = queueWithErrors();
		const noted = new Set(['earlier']);
		await reserveFailed(ready, { reservations: noted, batchSize: 4 });
		expect(reserved()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
		const processes = new Set(portal.records().map(({ PROCESS_ID }) => PROCESS_ID));
		expect(noted).toEqual(new Set(['earlier', ...processes].filter((id) => id !== '')));
		expect(portal.callsOf('event.offline.get')).toEqual(Array(3).fill({ limit: 4, error: 1, clear: 0 }));
	});

	it('asks once more after a full batch, which may have been the last', async () => {
		const { ready, portal } = queueWithErrors();
		await reserveFailed(ready, { reservations: new Set(), batchSize: 9 });
		expect(portal.calls).toHaveLength(2);
	});

	it('leaves events that others want in a queue that is shared', async () => {
		const { ready, portal, reserved } = queueWithErrors({
			ready: { isExclusive: false, events: everything },
		});
		await reserveFailed(ready, { reservations: new Set(), batchSize: 100 });
		expect(reserved()).toEqual(['1', '2', '3', '4', '5', '6']);
		expect(portal.callsOf('event.offline.get').map(({ filter }) => filter)).toEqual(
			everything.map((event) => ({ '=EVENT_NAME': event })),
		);
	});

	it('notes no reservation that has no name', async () => {
		const { ready } = stationOf();
		const noted = new Set<string>();
		const queue = {
			...ready.queue,
			reserve: async () => ({ processId: null, isFailed: true, size: 1, records: [], strange: [] }),
		};
		await reserveFailed({ ...ready, queue }, { reservations: noted, batchSize: 10 });
		expect([...noted]).toEqual([]);
	});
});
