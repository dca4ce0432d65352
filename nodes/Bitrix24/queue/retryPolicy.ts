import type { OfflineRecord } from '../event/queueItem';
import type { Attempts } from '../n8n/processState';
import type { RunOutcome } from './run';

/** When a run counts as handled. */
export type Acknowledge = 'afterSuccess' | 'afterFinish' | 'onReceipt';

/** What to do with a record after its run: acknowledge it, move it to failed, or let it run again after a pause. */
export type Decision =
	| { then: 'acknowledge' }
	| { then: 'moveToFailed' }
	| { then: 'runAgain'; attempts: Attempts; pauseMs: number };

/** Decides which records run together, and what follows from a run's end. Pure: the counts are kept elsewhere. */
export interface RetryPolicy {
	/** Splits records that were handed out together into the groups that run together, in their order. */
	group(records: readonly OfflineRecord[], attemptsOf: (id: string) => Attempts): OfflineRecord[][];
	/**
	 * Decides about a record of a run.
	 *
	 * @param before its runs before this one
	 * @param isAlone whether it ran by itself
	 */
	decide(before: Attempts, outcome: RunOutcome, isAlone: boolean): Decision;
}

/** What the user chose. */
export interface RetryOptions {
	/** Whether records run together or each by itself. */
	execution: 'perBatch' | 'perEvent';
	acknowledge: Acknowledge;
	/** How many unsuccessful runs a record has. */
	maxAttempts: number;
	/** The first pause before another run. */
	intervalMs: number;
}

// One bad record must not hold up the others of its batch, nor run them as often as itself.
const maxFailuresTogether = 2;
const backoffFactor = 4;
const maxPauseMs = 3_600_000;

/** Makes the retry policy of a trigger. */
export function createRetryPolicy({ execution, acknowledge, maxAttempts, intervalMs }: RetryOptions): RetryPolicy {
	const splitAfter = Math.min(maxFailuresTogether, maxAttempts);
	const pauseAfter = (runs: number): number =>
		Math.min(intervalMs * backoffFactor ** (runs - 1), Math.max(maxPauseMs, intervalMs));

	return {
		group(records, attemptsOf) {
			if (execution === 'perEvent') return records.map((record) => [record]);
			const isSplit = ({ ID }: OfflineRecord) => attemptsOf(ID).failures >= splitAfter;
			const together = records.filter((record) => !isSplit(record));
			const alone = records.filter(isSplit).map((record) => [record]);
			return together.length > 0 ? [together, ...alone] : alone;
		},
		decide({ failures, unknowns }, outcome, isAlone) {
			if (outcome === 'unknown') {
				const attempts = { failures, unknowns: unknowns + 1 };
				return { then: 'runAgain', attempts, pauseMs: pauseAfter(attempts.unknowns) };
			}
			if (outcome === 'succeeded' || acknowledge !== 'afterSuccess') return { then: 'acknowledge' };
			const attempts = { failures: failures + 1, unknowns: 0 };
			// Who has failed only in company may be innocent.
			if (isAlone && attempts.failures >= maxAttempts) return { then: 'moveToFailed' };
			return { then: 'runAgain', attempts, pauseMs: pauseAfter(attempts.failures) };
		},
	};
}
