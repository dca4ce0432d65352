import { isInFlight, processBatch, whileInFlight } from '../../../../nodes/Bitrix24/queue/processBatch.js';
import type { Batch } from '../../../../nodes/Bitrix24/queue/queueRows.js';
import { leftAloneKey } from '../../../../nodes/Bitrix24/queue/strangeRecords.js';
import { ourApp, refused } from '../../../fakes/simulatedPortal.mjs';
import type { Station } from './queueWorld.mjs';
import { handleAgain, handleAll, stationOf, told } from './queueWorld.mjs';

describe('processBatch', () => {
	it('splits a batch that has failed twice, and moves who fails for the last time to failed', async () => {
		const station = stationOf({ leads: [10, 11, 12] });
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

	it.each(['failed', 'unknown'] as const)('leaves records reserved after a run that %s', async (outcome) => {
		const station = stationOf({ leads: [10] });
		station.end.of = () => outcome;
		await handleAll(station);
		expect([told(station), station.left()]).toEqual([[], ['1']]);
	});

	it('says that nothing is known of runs, once, after the third, and anew once something was known of one', async () => {
		const station = stationOf({ leads: [10, 11] });
		station.end.of = () => 'unknown';
		await handleAll(station);
		const again = async (times: number) => {
			for (let count = 0; count < times; count++) {
				station.clock.now += 3_600_000;
				await handleAgain(station);
			}
		};
		await again(4);
		expect([station.runs.length, station.reported]).toEqual([5, ['1 unknown 3 times']]);
		station.ready.retries.noteOutcome(true);
		await again(1);
		expect(station.reported.slice(1)).toEqual(['1 unknown 6 times']);
	});

	it('gives the failed record up where a newer one of the same object waits, which stands for it', async () => {
		const station = stationOf({ leads: [10, 11], maxAttempts: 1 });
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

	it('does not run what is still to be told, nor what was given up', async () => {
		const station = stationOf({ leads: [10, 11, 12], maxAttempts: 1 });
		const { pendingAcks: settlements } = station.ready;
		settlements.acknowledge('process-1', ['1']);
		settlements.moveToFailed('elsewhere', { id: '3', messageId: 'message', event: 'ONCRMLEADDELETE' });
		station.ready.retries.exhaust('2');
		await handleAll(station);
		expect(station.runs).toEqual([['3']]);
	});
});

describe('events that the user does not want', () => {
	it.each([
		['are acknowledged without a run in a queue of the trigger', true, ['1']],
		['are left in a queue that others use: they may be theirs', false, []],
	])('%s', async (_, isExclusive, acknowledged) => {
		const station = stationOf({ ready: { isExclusive } });
		station.portal.queue([10], { event: 'ONCRMLEADADD' });
		// The other name of what is selected.
		station.portal.queue([11], { event: 'onLeadDelete' });
		station.end.of = () => 'unknown';
		await handleAll(station);
		expect(station.runs).toEqual([['2']]);
		expect(told(station)).toEqual(acknowledged.length > 0 ? [['event.offline.clear', acknowledged]] : []);
	});

	it.each([true, false])('are acknowledged where people did them whom he ignores (own: %p)', async (isExclusive) => {
		const station = stationOf({ leads: [10], ready: { isExclusive }, handling: { ignoreUserIds: new Set(['1']) } });
		const change = { appId: ourApp.id, connector: '', event: 'ONCRMLEADDELETE', data: { FIELDS: { ID: 11 } } };
		station.portal.simulator.queue.add({ ...change, by: 'robot' });
		station.end.of = () => 'unknown';
		await handleAll(station);
		expect([station.runs, told(station), station.left()]).toEqual([[['2']], [['event.offline.clear', ['1']]], ['2']]);
	});
});

describe('a record that is not in the documented form', () => {
	const strange = { id: '7', messageId: 'm'.repeat(32), event: null };
	const batch = { processId: 'process-9', isFailed: false, size: 1, records: [] };

	const process = async (station: Station, ...changes: object[]) => {
		for (const change of changes) {
			const { isFailed = false, processId = batch.processId, ...record } = { ...strange, ...change } as Partial<Batch>;
			const strangeBatch = { ...batch, isFailed, processId, strange: [record as typeof strange] };
			await processBatch(strangeBatch, station.ready, station.handling);
		}
	};

	it('is moved to failed by its message, and named once', async () => {
		const station = stationOf();
		await process(station, {}, {});
		expect(told(station)).toEqual(Array(2).fill(['event.offline.error', [strange.messageId]]));
		expect(station.reported).toEqual([`7/${strange.messageId} moved`]);
	});

	it('stays reserved without a message, is named once, and left alone from then on', async () => {
		const station = stationOf();
		await process(station, { messageId: null }, { messageId: null });
		expect([told(station), station.reported]).toEqual([[], ['7/null reserved']]);
		expect(station.ready.memory.strange.has(leftAloneKey('process-9', '7'))).toBe(true);
	});

	it('is left alone where the portal does not understand its message, or it was moved to failed before', async () => {
		const station = stationOf();
		station.portal.answers.set('event.offline.error', refused(400, 'ERROR_ARGUMENT', ''));
		await process(station, {}, { isFailed: true, messageId: 'n' });
		expect(station.reported).toEqual([`7/${strange.messageId} reserved`, '7/n reserved']);
	});

	it('is met again where the portal refuses for another reason', async () => {
		const station = stationOf();
		station.portal.answers.set('event.offline.error', refused(403, 'ACCESS_DENIED', ''));
		await expect(process(station, {})).rejects.toThrow('Bitrix24 denied access');
		expect(station.reported).toEqual([]);
	});

	it('is named where it was handed out for good', async () => {
		const station = stationOf({ handling: { isOnReceipt: true } });
		await process(station, { processId: null });
		expect(station.reported).toEqual([`7/${strange.messageId} deleted`]);
	});
});

describe('a node that closes', () => {
	it('lets the run settle that is under way, and starts no other', async () => {
		const station = stationOf({ leads: [10, 11], execution: 'perEvent' });
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
			leads: [10],
			handling: {
				addTo: async () => {
					station.node.abort();
					return new Map();
				},
			},
		});
		await handleAll(station);
		expect([station.runs, station.left(), station.ready.memory.waiting.size]).toEqual([[], ['1'], 0]);
	});

	it.each([true, false])('starts nothing that was reserved while it closed (on receipt: %p)', async (isOnReceipt) => {
		const station = stationOf({ leads: [10], handling: { isOnReceipt } });
		station.node.abort();
		await handleAll(station);
		expect([station.runs, told(station), station.left()]).toEqual([[], [], ['1']]);
	});
});

describe('a portal that cannot be told', () => {
	it('is owed what it has not heard, and nothing runs again', async () => {
		const station = stationOf({ leads: [10, 11], execution: 'perEvent' });
		station.portal.answers.set('event.offline.clear', refused(503, 'OVERLOAD_LIMIT', ''));
		await expect(handleAll(station)).rejects.toThrow('overload');
		expect(station.ready.pendingAcks.has('process-1', '1')).toBe(true);
		expect(isInFlight('process-1')).toBe(false);

		station.portal.answers.clear();
		await handleAgain(station);
		expect(station.runs).toEqual([['1'], ['2']]);
		expect(station.left()).toEqual([]);
	});

	it('is told every five seconds while events run one at a time', async () => {
		const station = stationOf({ leads: [10, 11, 12, 13, 14], execution: 'perEvent' });
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
		const station = stationOf({ leads: [10, 11], execution: 'perEvent' });
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
	const onReceipt = (leads: number[] = []) =>
		stationOf({ leads, execution: 'perEvent', handling: { isOnReceipt: true } });

	it('runs what was handed out for good and is wanted, whatever becomes of it, also while the node closes', async () => {
		const station = onReceipt();
		station.portal.queue([9], { event: 'ONCRMLEADADD' });
		station.portal.queue([10, 11]);
		station.end.of = () => {
			station.node.abort();
			return 'failed';
		};
		await handleAll(station, true);
		expect([station.runs, told(station)]).toEqual([[['2'], ['3']], []]);
	});

	it('confirms what was reserved before it runs it, so that it never runs again', async () => {
		const station = onReceipt([10, 11]);
		const left: string[][] = [];
		station.end.of = () => {
			left.push(station.left());
			return 'unknown';
		};
		await handleAll(station);
		expect(station.runs).toEqual([['1'], ['2']]);
		expect(left).toEqual([[], []]);
	});

	it('runs nothing that it could not confirm', async () => {
		const station = onReceipt([10]);
		station.portal.troubles.set(2, 'unheard');
		await expect(handleAll(station)).rejects.toThrow('Bitrix24 did not answer');
		expect(station.runs).toEqual([]);
		expect(station.ready.pendingAcks.has('process-1', '1')).toBe(false);
		expect(station.left()).toEqual(['1']);
	});
});

describe('a reservation', () => {
	it('is in flight while it runs and is settled, also where that does not succeed', async () => {
		const station = stationOf({ leads: [10] });
		const seen: boolean[] = [];
		const look = () => seen.push(isInFlight('process-1'));
		station.end.of = () => {
			look();
			return 'succeeded';
		};
		jest.spyOn(station.ready.queue, 'acknowledge').mockImplementation(async () => {
			look();
			throw new Error('The portal did not answer');
		});
		await expect(handleAll(station)).rejects.toThrow('The portal did not answer');
		look();
		expect(seen).toEqual([true, true, false]);
	});

	it('does not run while another trigger of this process runs it, and does not end that either', async () => {
		const station = stationOf({ leads: [10] });
		await whileInFlight('process-1', async () => {
			await handleAll(station);
			expect([isInFlight('process-1'), isInFlight('process-2')]).toEqual([true, false]);
		});
		expect([station.runs, told(station), station.left()]).toEqual([[], [], ['1']]);
		await handleAgain(station);
		expect(station.runs).toEqual([['1']]);
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
