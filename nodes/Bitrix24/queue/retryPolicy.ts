import type { OfflineRecord } from '../event/queueItem';
import type { RunOutcome } from './run';

/** When a run counts as handled. */
export type Acknowledge = 'afterSuccess' | 'afterFinish' | 'onReceipt';

/**
 * What to do with the records of a run: acknowledge them, run each by itself, move them to failed, or leave them reserved
 * for the next poll.
 */
type Decision = 'acknowledge' | 'runSeparately' | 'moveToFailed' | 'keepReserved';

/** Counts the unsuccessful runs of each record, and decides what follows from a run's end. */
export interface RetryPolicy {
	/** Splits records that were handed out together into the groups that run together, in their order. */
	group(records: readonly OfflineRecord[]): OfflineRecord[][];
	/** Counts a run that has ended, and decides about its records. */
	recordOutcome(records: readonly OfflineRecord[], outcome: RunOutcome): Decision;
	/** Whether a record has had all its runs. */
	isExhausted(id: string): boolean;
}

/**
 * @param execution whether records run together or each by itself
 * @param acknowledge when a run counts as handled
 * @param maxAttempts how often records may run unsuccessfully together; each then runs by itself once more
 */
export function createRetryPolicy(
	execution: 'perBatch' | 'perEvent',
	acknowledge: Acknowledge,
	maxAttempts: number,
): RetryPolicy {
	const failedRuns = new Map<string, number>();
	// A record that was moved to failed before stays reserved when it is moved there again: it must not run for ever.
	const exhausted = new Set<string>();
	const countOf = ({ ID }: OfflineRecord) => failedRuns.get(ID) ?? 0;
	const isSuspect = (record: OfflineRecord) => countOf(record) >= maxAttempts;

	return {
		group(records) {
			if (execution === 'perEvent') return records.map((record) => [record]);
			const together = records.filter((record) => !isSuspect(record));
			const alone = records.filter(isSuspect).map((record) => [record]);
			return together.length > 0 ? [together, ...alone] : alone;
		},
		recordOutcome(records, outcome) {
			if (outcome === 'unknown') return 'keepReserved';
			if (outcome === 'succeeded' || acknowledge !== 'afterSuccess') {
				for (const { ID } of records) failedRuns.delete(ID);
				return 'acknowledge';
			}
			for (const record of records) failedRuns.set(record.ID, countOf(record) + 1);
			if (!records.every(isSuspect)) return 'keepReserved';
			if (records.length > 1) return 'runSeparately';
			for (const { ID } of records) {
				failedRuns.delete(ID);
				exhausted.add(ID);
			}
			return 'moveToFailed';
		},
		isExhausted: (id) => exhausted.has(id),
	};
}
