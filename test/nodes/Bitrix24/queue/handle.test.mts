import { whileInFlight, isInFlight } from '../../../../nodes/Bitrix24/queue/processBatch.js';
import { queuedLead } from '../../../fakes/queuedRecord.mjs';
import { handleAll, told } from './handling.mjs';
import { stationOf } from './station.mjs';

describe('handle', () => {
	it('confirms exactly the records of a run that succeeded', async () => {
		const station = stationOf();
		station.portal.queue([10, 11]);
		await handleAll(station);
		expect(station.runs).toEqual([['1', '2']]);
		expect(told(station)).toEqual([['event.offline.clear', ['1', '2']]]);
		expect(station.left()).toEqual([]);
	});

	it.each(['failed', 'unknown'] as const)(
		'tells nothing after a run that %s, and leaves it reserved',
		async (verdict) => {
			const station = stationOf();
			station.portal.queue([10, 11]);
			station.end.of = () => verdict;
			await handleAll(station);
			expect(told(station)).toEqual([]);
			expect(station.left()).toEqual(['1', '2']);
		},
	);

	it('runs a batch that has had all its runs one at a time, and puts aside who fails then', async () => {
		const station = stationOf({ maxAttempts: 1 });
		station.portal.queue([10, 11, 12]);
		station.end.of = (ids) => (ids.includes('2') ? 'failed' : 'succeeded');
		await handleAll(station);
		expect(station.runs).toEqual([['1', '2', '3'], ['1'], ['2'], ['3']]);
		expect(told(station)).toEqual([
			['event.offline.clear', ['1', '3']],
			['event.offline.error', ['9abcb541e8e8bc3bb68ad47015374b6b']],
		]);
		expect([station.left(), station.aside(), station.reported]).toEqual([[], ['2'], ['2']]);
	});

	it('knows the reservation as in flight while it runs and settles it', async () => {
		const station = stationOf();
		station.portal.queue([10]);
		const seen: boolean[] = [];
		const look = () => seen.push(isInFlight('process-1'));
		station.end.of = () => {
			look();
			return 'succeeded';
		};
		const { acknowledge: confirm } = station.ready.queue;
		station.ready.queue.acknowledge = async (...told) => {
			look();
			await confirm(...told);
		};
		await handleAll(station);
		look();
		expect(seen).toEqual([true, true, false]);
	});

	it('runs no reservation that another trigger of this process is running', async () => {
		const station = stationOf();
		station.portal.queue([10]);
		await whileInFlight('process-1', async () => void (await handleAll(station)));
		expect([station.runs, told(station), station.left()]).toEqual([[], [], ['1']]);
	});

	it('does not run what is still to be told, nor what was given up', async () => {
		const station = stationOf({ maxAttempts: 1 });
		station.portal.queue([10, 11, 12]);
		const { pendingAcks: settlements } = station.ready;
		settlements.acknowledge('process-1', ['1']);
		settlements.moveToFailed('elsewhere', '3', 'message');
		station.handling.retryPolicy.recordOutcome(
			[{ ...queuedLead, ID: station.portal.records()[1]?.ID ?? '' }],
			'failed',
		);
		await handleAll(station);
		expect(station.runs).toEqual([['3']]);
	});
});

describe('events that the user does not want any more', () => {
	it('are confirmed in a queue of the trigger, and not run', async () => {
		const station = stationOf();
		station.portal.queue([10], { event: 'ONCRMLEADADD' });
		station.portal.queue([11]);
		station.end.of = () => 'unknown';
		await handleAll(station);
		expect(station.runs).toEqual([['2']]);
		expect(told(station)).toEqual([['event.offline.clear', ['1']]]);
	});

	it('are left in a queue that others use: they may be theirs', async () => {
		const station = stationOf({ ready: { isExclusive: false } });
		station.portal.queue([10], { event: 'ONCRMLEADADD' });
		station.portal.queue([11]);
		await handleAll(station);
		expect(station.runs).toEqual([['2']]);
		expect(told(station)).toEqual([['event.offline.clear', ['2']]]);
	});

	it('are known by either of their names', async () => {
		const station = stationOf();
		station.portal.queue([10], { event: 'onLeadDelete' });
		await handleAll(station);
		expect(station.runs).toEqual([['1']]);
	});
});

describe('a node that closes', () => {
	it('lets the run settle that is under way, and starts no other', async () => {
		const station = stationOf({ execution: 'perEvent' });
		station.portal.queue([10, 11]);
		station.end.of = () => {
			station.node.abort();
			return 'succeeded';
		};
		await handleAll(station);
		expect(station.runs).toEqual([['1']]);
		expect(told(station)).toEqual([['event.offline.clear', ['1']]]);
		expect(station.left()).toEqual(['2']);
	});

	it('starts nothing that was reserved while it closed', async () => {
		const station = stationOf();
		station.portal.queue([10]);
		station.node.abort();
		await handleAll(station);
		expect([station.runs, told(station), station.left()]).toEqual([[], [], ['1']]);
	});
});
