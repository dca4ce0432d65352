import type { Attempts } from '../../../../nodes/Bitrix24/n8n/processState.js';
import { Retries } from '../../../../nodes/Bitrix24/queue/retries.js';
import type { RetryOptions } from '../../../../nodes/Bitrix24/queue/retryPolicy.js';
import { createRetryPolicy } from '../../../../nodes/Bitrix24/queue/retryPolicy.js';
import { queuedLead } from '../../../fakes/queuedRecord.mjs';

const record = (id: number) => ({ ...queuedLead, ID: String(id), MESSAGE_ID: `message-${id}` });
const [one, two, three] = [record(1), record(2), record(3)];
const none: Attempts = { failures: 0, unknowns: 0 };
const minute = 60_000;
const hour = 60 * minute;

const policyOf = (options: Partial<RetryOptions> = {}) =>
	createRetryPolicy({
		execution: 'perBatch',
		acknowledge: 'afterSuccess',
		maxAttempts: 5,
		intervalMs: minute / 2,
		...options,
	});

/** The pauses after one run after the other, until there is none. */
function pausesOf(outcome: 'failed' | 'unknown', options: Partial<RetryOptions> = {}) {
	const { decide } = policyOf(options);
	const pauses: Array<number | string> = [];
	for (let before = none; pauses.length < 6; ) {
		const decision = decide(before, outcome, true);
		if (decision.then !== 'runAgain') return [...pauses, decision.then];
		pauses.push(decision.pauseMs);
		before = decision.attempts;
	}
	return pauses;
}

describe('what follows from a run', () => {
	it.each<[string, Attempts, 'succeeded' | 'failed' | 'unknown', boolean, Partial<RetryOptions>, object]>([
		['acknowledges a success, whatever went before', { failures: 4, unknowns: 3 }, 'succeeded', true, {}, {}],
		['acknowledges a failure (afterFinish)', none, 'failed', true, { acknowledge: 'afterFinish' }, {}],
		['acknowledges a failure (onReceipt)', none, 'failed', true, { acknowledge: 'onReceipt' }, {}],
		[
			'moves nobody to failed who has failed only in company',
			none,
			'failed',
			false,
			{ maxAttempts: 1 },
			{ then: 'runAgain', attempts: { failures: 1, unknowns: 0 }, pauseMs: minute / 2 },
		],
		[
			'ends the count of runs of which nothing is known with a failure',
			{ failures: 1, unknowns: 7 },
			'failed',
			true,
			{},
			{ then: 'runAgain', attempts: { failures: 2, unknowns: 0 }, pauseMs: 2 * minute },
		],
		[
			'takes no failure back where nothing is known',
			{ failures: 3, unknowns: 0 },
			'unknown',
			true,
			{},
			{ then: 'runAgain', attempts: { failures: 3, unknowns: 1 }, pauseMs: minute / 2 },
		],
	])('%s', (_, before, outcome, isAlone, options, expected) => {
		expect(policyOf(options).decide(before, outcome, isAlone)).toEqual({ then: 'acknowledge', ...expected });
	});

	it.each<[string, 'failed' | 'unknown', Partial<RetryOptions>, Array<number | string>]>([
		['grow, up to five runs', 'failed', {}, [0.5, 2, 8, 32, 'moveToFailed']],
		['are an hour at most', 'failed', { intervalMs: 20 * minute }, [20, 60, 60, 60, 'moveToFailed']],
		['are an interval where that is longer', 'failed', { intervalMs: 2 * hour }, [120, 120, 120, 120, 'moveToFailed']],
		['have no end where nothing is known', 'unknown', { maxAttempts: 1 }, [0.5, 2, 8, 32, 60, 60]],
		['nor with afterFinish', 'unknown', { acknowledge: 'afterFinish' }, [0.5, 2, 8, 32, 60, 60]],
	])('pauses that %s', (_, outcome, options, minutes) => {
		const pauses = minutes.map((pause) => (typeof pause === 'number' ? pause * minute : pause));
		expect(pausesOf(outcome, options)).toEqual(pauses);
	});
});

describe('records that were handed out together', () => {
	it.each([
		['run together, in their order', {}, [two, one], { 1: 1 }, [[two, one]]],
		['make no run where there are none', {}, [], {}, []],
		['run without those that have failed twice', {}, [one, two, three], { 1: 2, 3: 4 }, [[two], [one], [three]]],
		['run one at a time where all have', {}, [three, one], { 1: 2, 3: 2 }, [[three], [one]]],
		['run one at a time after all they may have', { maxAttempts: 1 }, [one, two], { 1: 1, 2: 1 }, [[one], [two]]],
		['run one at a time where the user wants it', { execution: 'perEvent' as const }, [two, one], {}, [[two], [one]]],
	])('%s', (_, options, records, failures: { [id: string]: number }, groups) => {
		expect(policyOf(options).group(records, (id) => ({ ...none, failures: failures[id] ?? 0 }))).toEqual(groups);
	});
});

describe('what waits for another run', () => {
	const failed = { failures: 1, unknowns: 0, isFailed: false };

	/** So many records, in so many reservations. */
	function waiting(count: number, reservations: number, unknowns = 0): Retries {
		const retries = new Retries();
		for (let id = 1; id <= count; id++) {
			retries.runAgain(String(id), { ...failed, unknowns, processId: `p${id % reservations}`, dueAt: id });
		}
		return retries;
	}

	it('is due with its reservation, in the order of the queue, and forgotten where the portal no longer has it', () => {
		const retries = new Retries();
		retries.runAgain('10', { ...failed, processId: 'later', dueAt: 1 });
		retries.runAgain('9', { ...failed, processId: 'sooner', dueAt: 2, isFailed: true });
		retries.runAgain('11', { ...failed, processId: 'sooner', dueAt: 2, isFailed: true });
		retries.runAgain('12', { ...failed, processId: 'pauses', dueAt: 3 });
		expect(retries.dueReservations(2)).toEqual([
			{ processId: 'sooner', isFailed: true },
			{ processId: 'later', isFailed: false },
		]);
		retries.keepOnly('sooner', new Set(['11']));
		expect(['9', '10', '11'].map((id) => retries.attemptsOf(id).failures)).toEqual([0, 1, 1]);
	});

	it('runs no more once it has had all its runs, until it begins anew', () => {
		const retries = waiting(2, 2);
		for (const id of ['1', '2']) retries.exhaust(id);
		expect(retries.attemptsOf('1')).toEqual(none);
		retries.beginAnew(['1']);
		expect(['1', '2'].map((id) => retries.mayRun(id, 99))).toEqual([true, false]);
		retries.beginAnew();
		expect(retries.mayRun('2', 99)).toBe(true);
	});

	it.each([
		['2,000 records', 1_999, 1_999, 0, false, true],
		['2,000 records', 2_000, 2_000, 0, true, true],
		['20 reservations while no run succeeds', 100, 19, 0, false, false],
		['20 reservations while no run succeeds', 100, 20, 0, false, true],
		['no number where nothing is known of its runs', 3_000, 3_000, 1, false, false],
	])('is too much with %s (%p in %p)', (_, count, reservations, unknowns, isFull, isFullWhileFailing) => {
		const retries = waiting(count, reservations, unknowns);
		expect(retries.isFull(() => true)).toBe(isFull);
		retries.noteOutcome(true);
		expect(retries.isFull(() => true)).toBe(isFullWhileFailing);
		retries.noteOutcome(false);
		expect(retries.isFull(() => true)).toBe(isFull);
		// What another trigger of the queue has left is none of this one's.
		expect(retries.isFull(() => false)).toBe(false);
	});
});
