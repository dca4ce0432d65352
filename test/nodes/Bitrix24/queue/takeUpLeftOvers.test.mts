import { whileInFlight } from '../../../../nodes/Bitrix24/queue/processBatch.js';
import { reserveAll, takeUp } from './leftOvers.mjs';
import { stationOf } from './station.mjs';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('takeUpLeftOvers', () => {
	it('takes up every reservation in the order of the queue, each once', async () => {
		const station = stationOf();
		station.portal.queue(range(1, 5));
		await reserveAll(station, 2);
		station.end.of = () => 'failed';
		await takeUp(station);
		expect(station.runs).toEqual([['1', '2'], ['3', '4'], ['5']]);
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
		expect(await takeUp(station, { batchSize: 1 })).toEqual(['process-1']);
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
