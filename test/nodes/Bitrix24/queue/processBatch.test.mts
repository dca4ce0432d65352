import { isInFlight, processBatch, whileInFlight } from '../../../../nodes/Bitrix24/queue/processBatch.js';
import { leftAloneKey } from '../../../../nodes/Bitrix24/queue/strangeRecords.js';
import { refused } from '../../../fakes/simulatedPortal.mjs';
import { handleAgain, handleAll, stationOf, told } from './queueWorld.mjs';

describe('processBatch', () => {
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

	it('splits a batch that has failed twice, and moves who fails for the last time to failed', async () => {
		const station = stationOf();
		station.portal.queue([10, 11, 12]);
		station.end.of = (ids) => (ids.includes('2') ? 'failed' : 'succeeded');
		await handleAll(station);
		for (const pause of [29_999, 1, 119_999, 1]) {
			station.clock.now += pause;
			await handleAgain(station);
		}
		expect(station.runs).toEqual([['1', '2', '3'], ['1', '2', '3'], ['1'], ['2'], ['3']]);
		expect(told(station)).toEqual([
			['event.offline.clear', ['1', '3']],
			['event.offline.error', ['9abcb541e8e8bc3bb68ad47015374b6b']],
		]);
		expect([station.left(), station.aside(), station.reported]).toEqual([[], ['2'], ['2']]);
	});

	it('says that nothing is known of runs, once, after the third', async () => {
		const station = stationOf();
		station.portal.queue([10, 11]);
		station.end.of = () => 'unknown';
		await handleAll(station);
		for (let again = 0; again < 4; again++) {
			station.clock.now += 3_600_000;
			await handleAgain(station);
		}
		expect(station.runs).toHaveLength(5);
		expect(station.reported).toEqual(['1 unknown 3 times']);
	});

	it('gives the failed record up where a newer one of the same object waits, which stands for it', async () => {
		const station = stationOf({ maxAttempts: 1 });
		station.portal.queue([10, 11]);
		station.end.of = () => 'failed';
		const { retries } = station.ready;
		for (const id of ['1', '2']) {
			const dueAt = station.clock.now;
			retries.runAgain(id, { processId: 'process-1', isFailed: false, failures: 1, unknowns: 0, dueAt });
		}
		station.end.of = ([id]) => {
			if (id === '1') station.portal.queue([10]);
			return 'failed';
		};
		await handleAll(station);
		expect(station.runs).toEqual([['1'], ['2']]);
		expect(station.reported).toEqual(['1 superseded', '2']);
		expect([station.left(), station.aside()]).toEqual([['3'], ['2']]);
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
		settlements.moveToFailed('elsewhere', { id: '3', messageId: 'message', event: 'ONCRMLEADDELETE' });
		station.ready.retries.exhaust('2');
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

describe('what people did whose events the user ignores', () => {
	it.each([true, false])('is acknowledged without a run (own queue: %p)', async (isExclusive) => {
		const station = stationOf({ ready: { isExclusive }, handling: { ignoreUserIds: new Set(['1']) } });
		station.portal.queue([10]);
		await handleAll(station);
		expect([station.runs, told(station), station.left()]).toEqual([[], [['event.offline.clear', ['1']]], []]);
	});
});

describe('a record that is not in the documented form', () => {
	const strange = { id: '7', messageId: 'm'.repeat(32), event: null };
	const batch = { processId: 'process-9', isFailed: false, size: 1, records: [] };

	it('is moved to failed by its message, and named once', async () => {
		const station = stationOf();
		for (let again = 0; again < 2; again++) {
			await processBatch({ ...batch, strange: [strange] }, station.ready, station.handling);
		}
		expect(told(station)).toEqual(Array(2).fill(['event.offline.error', [strange.messageId]]));
		expect(station.reported).toEqual([`7/${strange.messageId} moved`]);
	});

	it('stays reserved without a message, is named once, and left alone from then on', async () => {
		const station = stationOf();
		for (let again = 0; again < 2; again++) {
			const nameless = { ...strange, messageId: null };
			await processBatch({ ...batch, strange: [nameless] }, station.ready, station.handling);
		}
		expect([told(station), station.reported]).toEqual([[], ['7/null reserved']]);
		expect(station.ready.memory.strange.has(leftAloneKey('process-9', '7'))).toBe(true);
	});

	it('is left alone where the portal does not understand its message, or it was moved to failed before', async () => {
		const station = stationOf();
		station.portal.answers.set('event.offline.error', refused(400, 'ERROR_ARGUMENT', ''));
		await processBatch({ ...batch, strange: [strange] }, station.ready, station.handling);
		const again = { ...strange, messageId: 'n'.repeat(32) };
		await processBatch({ ...batch, isFailed: true, strange: [again] }, station.ready, station.handling);
		expect(station.reported).toEqual([`7/${strange.messageId} reserved`, `7/${again.messageId} reserved`]);
	});

	it('is met again where the portal refuses for another reason', async () => {
		const station = stationOf();
		station.portal.answers.set('event.offline.error', refused(403, 'ACCESS_DENIED', ''));
		const processing = processBatch({ ...batch, strange: [strange] }, station.ready, station.handling);
		await expect(processing).rejects.toThrow('Bitrix24 denied access');
		expect(station.reported).toEqual([]);
	});

	it('is named where it was handed out for good', async () => {
		const station = stationOf({ handling: { isOnReceipt: true } });
		await processBatch({ ...batch, processId: null, strange: [strange] }, station.ready, station.handling);
		expect(station.reported).toEqual([`7/${strange.messageId} deleted`]);
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

	it('counts no attempt of records for which it could look up nothing any more', async () => {
		const station = stationOf({
			handling: {
				addTo: async () => {
					station.node.abort();
					return new Map();
				},
			},
		});
		station.portal.queue([10]);
		await handleAll(station);
		expect([station.runs, station.left(), station.ready.memory.waiting.size]).toEqual([[], ['1'], 0]);
	});

	it('starts nothing that was reserved while it closed', async () => {
		const station = stationOf();
		station.portal.queue([10]);
		station.node.abort();
		await handleAll(station);
		expect([station.runs, told(station), station.left()]).toEqual([[], [], ['1']]);
	});
});

describe('a portal that cannot be told', () => {
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

/** Work that ends when the test says so. */
function work() {
	let end = () => {};
	let fail: (error: Error) => void = () => {};
	const done = new Promise<void>((resolve, reject) => {
		end = resolve;
		fail = reject;
	});
	return { run: jest.fn(async () => await done), end, fail };
}

describe('whileInFlight', () => {
	it('knows a reservation as long as its records run, and no other', async () => {
		const { run, end } = work();
		expect(isInFlight('one')).toBe(false);
		const running = whileInFlight('one', run);
		expect([isInFlight('one'), isInFlight('two')]).toEqual([true, false]);
		end();
		await running;
		expect(isInFlight('one')).toBe(false);
	});

	it('forgets a reservation whose settling did not succeed, and says why', async () => {
		const { run, fail } = work();
		const running = whileInFlight('one', run);
		fail(new Error('The portal did not answer'));
		await expect(running).rejects.toThrow('The portal did not answer');
		expect(isInFlight('one')).toBe(false);
	});

	it('does not run a reservation that is running, and does not end it either', async () => {
		const [first, second] = [work(), work()];
		const running = whileInFlight('one', first.run);
		await whileInFlight('one', second.run);
		expect(second.run).not.toHaveBeenCalled();
		expect(isInFlight('one')).toBe(true);
		first.end();
		await running;
	});

	it('runs a reservation again that has ended', async () => {
		const again = jest.fn(async () => {});
		await whileInFlight('one', async () => {});
		await whileInFlight('one', again);
		expect(again).toHaveBeenCalledTimes(1);
	});
});

it('leaves alone on receipt what the portal refuses to take, and says so once', async () => {
	const station = stationOf({ handling: { isOnReceipt: true } });
	station.portal.queue([10]);
	station.portal.answers.set('event.offline.clear', refused(400, 'ERROR_ARGUMENT', ''));
	await handleAll(station);
	await handleAgain(station);
	expect([station.runs, station.reported, station.left()]).toEqual([[], ['process-1 refused'], ['1']]);
});
