import { processBatch, isInFlight } from '../../../../nodes/Bitrix24/queue/processBatch.js';
import { refused } from '../../../fakes/simulatedPortal.mjs';
import { handleAll, told } from './handling.mjs';
import { stationOf } from './station.mjs';

describe('a portal that can not be told', () => {
	it('is owed what it has not heard, and nothing runs again', async () => {
		const station = stationOf({ execution: 'perEvent' });
		station.portal.queue([10, 11]);
		station.portal.answers.set('event.offline.clear', refused(503, 'OVERLOAD_LIMIT', ''));
		await expect(handleAll(station)).rejects.toThrow('overload');
		expect(station.ready.pendingAcks.has('process-1', '1')).toBe(true);
		expect(isInFlight('process-1')).toBe(false);

		station.portal.answers.clear();
		await processBatch(
			await station.ready.queue.fetchReserved('process-1', { limit: 10, failed: false, afterId: '0' }),
			station.ready,
			station.handling,
		);
		expect(station.runs).toEqual([['1'], ['2']]);
		expect(station.left()).toEqual([]);
	});

	it('is told every five seconds while events run one at a time', async () => {
		const station = stationOf({ execution: 'perEvent' });
		station.portal.queue([10, 11, 12, 13, 14]);
		const lasting = [2_000, 2_999, 1, 4_999, 0];
		station.end.of = (_, count) => {
			station.clock.now += lasting[count - 1] ?? 0;
			return 'succeeded';
		};
		await handleAll(station);
		expect(told(station)).toEqual([
			['event.offline.clear', ['1', '2', '3']],
			['event.offline.clear', ['4', '5']],
		]);
	});

	it('keeps the rest of the batch from running', async () => {
		const station = stationOf({ execution: 'perEvent' });
		station.portal.queue([10, 11]);
		station.portal.troubles.set(2, 'unanswered');
		station.end.of = () => {
			station.clock.now += 60_000;
			return 'succeeded';
		};
		await expect(handleAll(station)).rejects.toThrow('Bitrix24 did not answer');
		expect(station.runs).toEqual([['1']]);
		expect(station.left()).toEqual(['2']);
	});
});

describe('on receipt', () => {
	const onReceipt = (given: Parameters<typeof stationOf>[0] = {}) =>
		stationOf({ ...given, handling: { isOnReceipt: true } });

	it('runs what was handed out for good, whatever becomes of it, also while the node closes', async () => {
		const station = onReceipt({ execution: 'perEvent' });
		station.portal.queue([10, 11]);
		station.end.of = () => {
			station.node.abort();
			return 'failed';
		};
		await processBatch(
			await station.ready.queue.receiveAndDelete({ limit: 10, event: null }),
			station.ready,
			station.handling,
		);
		expect(station.runs).toEqual([['1'], ['2']]);
		expect(told(station)).toEqual([]);
	});

	it('runs the selected events only', async () => {
		const station = onReceipt();
		station.portal.queue([10], { event: 'ONCRMLEADADD' });
		station.portal.queue([11]);
		await processBatch(
			await station.ready.queue.receiveAndDelete({ limit: 10, event: null }),
			station.ready,
			station.handling,
		);
		expect(station.runs).toEqual([['2']]);
	});

	it('confirms what was reserved before it runs it, so that it never runs again', async () => {
		const station = onReceipt();
		station.portal.queue([10, 11]);
		const left: string[][] = [];
		station.end.of = () => {
			left.push(station.left());
			return 'unknown';
		};
		await handleAll(station);
		expect(station.runs).toEqual([['1', '2']]);
		expect(left).toEqual([[]]);
	});

	it('runs nothing that it could not confirm', async () => {
		const station = onReceipt();
		station.portal.queue([10]);
		station.portal.troubles.set(2, 'unheard');
		await expect(handleAll(station)).rejects.toThrow('Bitrix24 did not answer');
		expect(station.runs).toEqual([]);
		expect(station.ready.pendingAcks.has('process-1', '1')).toBe(false);
		expect(station.left()).toEqual(['1']);
	});

	it('leaves what was reserved before once the node closes: it is taken up at the next activation', async () => {
		const station = stationOf({ handling: { isOnReceipt: true } });
		station.portal.queue([10]);
		station.node.abort();
		await handleAll(station);
		expect([station.runs, told(station), station.left()]).toEqual([[], [], ['1']]);
	});

	it('confirms the events that the user does not want any more', async () => {
		const station = onReceipt();
		station.portal.queue([10], { event: 'ONCRMLEADADD' });
		await handleAll(station);
		expect([station.runs, station.left()]).toEqual([[], []]);
	});
});
