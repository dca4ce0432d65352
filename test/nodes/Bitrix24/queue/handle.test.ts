import { handle } from '../../../../nodes/Bitrix24/queue/handle';
import { inFlight, isInFlight } from '../../../../nodes/Bitrix24/queue/inFlight';
import { refused } from '../../../fakes/fakePortal';
import type { Station } from './station';
import { stationOf } from './station';

/** Reserves what waits, and handles it. */
async function handleAll({ ready, handling }: Station): Promise<string> {
	const batch = await ready.queue.reserve({ limit: 100, event: null });
	await handle(batch, ready, handling);
	return String(batch.processId);
}

const told = ({ portal }: Station) =>
	portal.calls
		.filter(({ method }) => method !== 'event.offline.get')
		.map(({ method, parameters }) => [method, parameters.id ?? parameters.message_id]);

describe('handle', () => {
	it('confirms exactly the records of a run that succeeded', async () => {
		const station = stationOf();
		station.portal.queue.add([10, 11]);
		await handleAll(station);
		expect(station.runs).toEqual([['1', '2']]);
		expect(told(station)).toEqual([['event.offline.clear', ['1', '2']]]);
		expect(station.left()).toEqual([]);
	});

	it.each(['failed', 'unknown'] as const)(
		'tells nothing after a run that %s, and leaves it reserved',
		async (verdict) => {
			const station = stationOf();
			station.portal.queue.add([10, 11]);
			station.end.of = () => verdict;
			await handleAll(station);
			expect(told(station)).toEqual([]);
			expect(station.left()).toEqual(['1', '2']);
		},
	);

	it('runs a batch that has had all its runs one at a time, and puts aside who fails then', async () => {
		const station = stationOf({ maxAttempts: 1 });
		station.portal.queue.add([10, 11, 12]);
		station.end.of = (ids) => (ids.includes('2') ? 'failed' : 'succeeded');
		await handleAll(station);
		expect(station.runs).toEqual([['1', '2', '3'], ['1'], ['2'], ['3']]);
		expect(told(station)).toEqual([
			['event.offline.clear', ['1', '3']],
			['event.offline.error', ['ONCRMLEADDELETE-11']],
		]);
		expect([station.left(), station.aside(), station.reported]).toEqual([[], ['2'], ['2']]);
	});

	it('knows the reservation as in flight while it runs and settles it', async () => {
		const station = stationOf();
		station.portal.queue.add([10]);
		const seen: boolean[] = [];
		const look = () => seen.push(isInFlight('process-1'));
		station.end.of = () => {
			look();
			return 'succeeded';
		};
		const { confirm } = station.ready.queue;
		station.ready.queue.confirm = async (...told) => {
			look();
			await confirm(...told);
		};
		await handleAll(station);
		look();
		expect(seen).toEqual([true, true, false]);
	});

	it('runs no reservation that another trigger of this process is running', async () => {
		const station = stationOf();
		station.portal.queue.add([10]);
		await inFlight('process-1', async () => void (await handleAll(station)));
		expect([station.runs, told(station), station.left()]).toEqual([[], [], ['1']]);
	});

	it('does not run what is still to be told, nor what was given up', async () => {
		const station = stationOf({ maxAttempts: 1 });
		station.portal.queue.add([10, 11, 12]);
		const { settlements } = station.ready;
		settlements.confirm('process-1', ['1']);
		settlements.putAside('elsewhere', '3', 'message');
		station.handling.attempts.decide([{ ...station.portal.queue.rows[1]! }], 'failed');
		await handleAll(station);
		expect(station.runs).toEqual([['3']]);
	});
});

describe('events that the user does not want any more', () => {
	it('are confirmed in a queue of the trigger, and not run', async () => {
		const station = stationOf();
		station.portal.queue.add([10], { event: 'ONCRMLEADADD' });
		station.portal.queue.add([11]);
		station.end.of = () => 'unknown';
		await handleAll(station);
		expect(station.runs).toEqual([['2']]);
		expect(told(station)).toEqual([['event.offline.clear', ['1']]]);
	});

	it('are left in a queue that others use: they may be theirs', async () => {
		const station = stationOf({ ready: { isOwn: false } });
		station.portal.queue.add([10], { event: 'ONCRMLEADADD' });
		station.portal.queue.add([11]);
		await handleAll(station);
		expect(station.runs).toEqual([['2']]);
		expect(told(station)).toEqual([['event.offline.clear', ['2']]]);
	});

	it('are known by either of their names', async () => {
		const station = stationOf();
		station.portal.queue.add([10], { event: 'onLeadDelete' });
		await handleAll(station);
		expect(station.runs).toEqual([['1']]);
	});
});

describe('a node that closes', () => {
	it('lets the run settle that is under way, and starts no other', async () => {
		const station = stationOf({ execution: 'perEvent' });
		station.portal.queue.add([10, 11]);
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
		station.portal.queue.add([10]);
		station.node.abort();
		await handleAll(station);
		expect([station.runs, told(station), station.left()]).toEqual([[], [], ['1']]);
	});
});

describe('a portal that can not be told', () => {
	it('is owed what it has not heard, and nothing runs again', async () => {
		const station = stationOf({ execution: 'perEvent' });
		station.portal.queue.add([10, 11]);
		station.portal.answers.set('event.offline.clear', refused(503, 'OVERLOAD_LIMIT', ''));
		await expect(handleAll(station)).rejects.toThrow('overload');
		expect(station.ready.settlements.owes('process-1', '1')).toBe(true);
		expect(isInFlight('process-1')).toBe(false);

		station.portal.answers.clear();
		await handle(
			await station.ready.queue.reserved('process-1', { limit: 10, aside: false, afterId: '0' }),
			station.ready,
			station.handling,
		);
		expect(station.runs).toEqual([['1'], ['2']]);
		expect(station.left()).toEqual([]);
	});

	it('is told every five seconds while events run one at a time', async () => {
		const station = stationOf({ execution: 'perEvent' });
		station.portal.queue.add([10, 11, 12, 13, 14]);
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
		station.portal.queue.add([10, 11]);
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
		station.portal.queue.add([10, 11]);
		station.end.of = () => {
			station.node.abort();
			return 'failed';
		};
		await handle(await station.ready.queue.take({ limit: 10, event: null }), station.ready, station.handling);
		expect(station.runs).toEqual([['1'], ['2']]);
		expect(told(station)).toEqual([]);
	});

	it('runs the selected events only', async () => {
		const station = onReceipt();
		station.portal.queue.add([10], { event: 'ONCRMLEADADD' });
		station.portal.queue.add([11]);
		await handle(await station.ready.queue.take({ limit: 10, event: null }), station.ready, station.handling);
		expect(station.runs).toEqual([['2']]);
	});

	it('confirms what was reserved before it runs it, so that it never runs again', async () => {
		const station = onReceipt();
		station.portal.queue.add([10, 11]);
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
		station.portal.queue.add([10]);
		station.portal.troubles.set(2, 'unheard');
		await expect(handleAll(station)).rejects.toThrow('Bitrix24 did not answer');
		expect(station.runs).toEqual([]);
		expect(station.ready.settlements.owes('process-1', '1')).toBe(false);
		expect(station.left()).toEqual(['1']);
	});

	it('confirms the events that the user does not want any more', async () => {
		const station = onReceipt();
		station.portal.queue.add([10], { event: 'ONCRMLEADADD' });
		await handleAll(station);
		expect([station.runs, station.left()]).toEqual([[], []]);
	});
});
