import { isSelected } from '../event/codes';
import type { OfflineRecord } from '../event/queueItem';
import { userIdOf } from '../event/queueItem';
import type { FailedRecord } from '../n8n/processState';
import { processState } from '../n8n/processState';
import type { AddTo, Additions } from './additions';
import { noteMoved, noteTimestamps } from './failedRecords';
import type { Refusal } from './pendingAcks';
import { refusalOf } from './pendingAcks';
import type { Batch } from './queueRows';
import type { Decision, RetryPolicy } from './retryPolicy';
import type { Runner, RunOutcome } from './run';
import type { QueueSession } from './setup';
import type { ReportStrange } from './strangeRecords';
import { moveStrange } from './strangeRecords';

/** What batches are processed with. */
export interface BatchContext {
	retryPolicy: RetryPolicy;
	/** Whether records are acknowledged as soon as they are handed out, whatever becomes of their run. */
	isOnReceipt: boolean;
	/** Looks up before a run what its items are to hold beside the event. */
	addTo: AddTo;
	run: Runner;
	/** Codes that the user chose, in upper case. */
	events: readonly string[];
	/** What these people did is acknowledged without a run. */
	ignoreUserIds: ReadonlySet<string>;
	signal: AbortSignal;
	/** Milliseconds of elapsed time: steps of the clock do not change it. */
	elapsed: () => number;
	/** Reports that a record was moved to failed, or acknowledged because a newer one of the same object waits. */
	onFailed(record: FailedRecord, isSuperseded: boolean): void;
	/** Reports that the portal does not take the acks of a reservation. */
	onRefused(refusal: Refusal): void;
	/** Reports a record that is not in the documented form. */
	onStrange: ReportStrange;
	/** Reports that nothing is known of the ends of runs with a record. */
	onUnknown(record: OfflineRecord, runs: number): void;
}

// While events run one at a time, acks go out in between, so that a killed n8n repeats seconds of work.
const ackIntervalMs = 5_000;

const reportUnknownAfter = 3;

/**
 * Runs a batch: the only place that does, and that acknowledges. Each record is acknowledged, moved to failed, or stays
 * reserved, as the outcome of its run says. Nothing is acknowledged without an outcome, but events that the user does not
 * want (any more).
 *
 * @throws ActionableError when the portal does not take the acks; they stay pending
 */
export async function processBatch(batch: Batch, session: QueueSession, context: BatchContext): Promise<void> {
	const { processId, records, isFailed } = batch;
	const { queue, pendingAcks, retries, portal, isExclusive, lookUp } = session;
	const { retryPolicy, isOnReceipt, addTo, run, events, ignoreUserIds, signal, elapsed } = context;

	const isOurs = ({ EVENT_NAME }: OfflineRecord) => isSelected(EVENT_NAME, events);
	const isWanted = (record: OfflineRecord) => isOurs(record) && !ignoreUserIds.has(userIdOf(record) ?? '');
	const groupsOf = (due: readonly OfflineRecord[]) => retryPolicy.group(due, (id) => retries.attemptsOf(id));
	if (processId === null) {
		for (const record of batch.strange) context.onStrange(record, 'deleted');
		return await runOnce(records.filter(isWanted));
	}
	const mayRun = (record: OfflineRecord) =>
		isWanted(record) && !pendingAcks.has(processId, record.ID) && retries.mayRun(record.ID, elapsed());

	/** Runs what the portal no longer keeps: whatever happens, it is now or never. */
	async function runOnce(due: readonly OfflineRecord[]): Promise<void> {
		const additions = await addTo(due, lookUp, true);
		for (const group of groupsOf(due)) await run(group, portal, additions);
	}

	function acknowledge(reservation: string, handled: readonly OfflineRecord[]): void {
		pendingAcks.acknowledge(reservation, idsOf(handled));
		for (const { ID } of handled) retries.forget(ID);
	}

	function conclude(reservation: string, record: OfflineRecord, outcome: RunOutcome, isAlone: boolean): Decision {
		const decision = retryPolicy.decide(retries.attemptsOf(record.ID), outcome, isAlone);
		if (decision.then === 'acknowledge') {
			acknowledge(reservation, [record]);
		} else if (decision.then === 'moveToFailed') {
			retries.exhaust(record.ID);
			pendingAcks.moveToFailed(reservation, toFailedRecord(record));
		} else {
			const { attempts, pauseMs } = decision;
			retries.runAgain(record.ID, { processId: reservation, isFailed, ...attempts, dueAt: elapsed() + pauseMs });
		}
		return decision;
	}

	async function runGroup(
		reservation: string,
		group: readonly OfflineRecord[],
		additions: ReadonlyMap<string, Additions>,
	): Promise<void> {
		const outcome = await run(group, portal, additions);
		if (outcome !== 'unknown') retries.noteOutcome(outcome === 'failed');
		for (const record of group) {
			const decision = conclude(reservation, record, outcome, group.length === 1);
			if (outcome !== 'unknown' || decision.then !== 'runAgain') continue;
			const { unknowns } = decision.attempts;
			if (unknowns >= reportUnknownAfter && retries.mayReportUnknowns()) context.onUnknown(record, unknowns);
		}
	}

	/** Looks up what the items are to hold. What could not be looked up stays reserved, like what is left of a lost run. */
	async function addToDue(reservation: string, due: readonly OfflineRecord[]) {
		const additions = await addTo(due, lookUp, false);
		const ready = due.filter(({ ID }) => additions.has(ID));
		if (!signal.aborted) {
			for (const record of due) if (!additions.has(record.ID)) conclude(reservation, record, 'unknown', true);
		}
		return { additions, ready };
	}

	async function runAndAcknowledge(reservation: string, due: readonly OfflineRecord[]): Promise<void> {
		const { additions, ready } = await addToDue(reservation, due);
		let flushedAt = elapsed();
		for (const group of groupsOf(ready)) {
			if (signal.aborted) return;
			await runGroup(reservation, group, additions);
			if (elapsed() - flushedAt < ackIntervalMs) continue;
			await flushAcks(session, context);
			flushedAt = elapsed();
		}
	}

	if (signal.aborted) return;
	await whileInFlight(processId, async () => {
		// In a queue that others use, events that this trigger does not select are theirs.
		const unwanted = records.filter((record) => !isWanted(record) && (isExclusive || isOurs(record)));
		acknowledge(processId, unwanted);
		await moveStrange(processId, batch, session, context.onStrange);
		const due = records.filter(mayRun);
		if (isOnReceipt) {
			const error = await refusalOf(queue.acknowledge(processId, idsOf(due)));
			if (error === null) {
				for (const { ID } of due) retries.forget(ID);
				await runOnce(due);
			} else {
				// It is left alone until the next activation.
				for (const { ID } of due) retries.exhaust(ID);
				context.onRefused({ processId, error });
			}
		} else {
			await runAndAcknowledge(processId, due);
		}
		await flushAcks(session, context);
	});
}

/**
 * Sends the pending acks, and notes what was moved to failed.
 *
 * @throws ActionableError when the portal does not take them; they stay pending
 */
export async function flushAcks(
	session: QueueSession,
	{ onFailed, onRefused }: Pick<BatchContext, 'onFailed' | 'onRefused'>,
): Promise<void> {
	const refused = await session.pendingAcks.flush(session.queue, (record, isSuperseded) => {
		if (!isSuperseded) noteMoved(session, record);
		onFailed(record, isSuperseded);
	});
	refused.forEach(onRefused);
	await noteTimestamps(session);
}

function toFailedRecord({ ID: id, MESSAGE_ID: messageId, EVENT_NAME: event }: OfflineRecord): FailedRecord {
	return { id, messageId, event };
}

function idsOf(records: readonly OfflineRecord[]): string[] {
	return records.map(({ ID }) => ID);
}

const { reservationsInFlight } = processState;

/** Whether this process is running records of a reservation. */
export function isInFlight(processId: string): boolean {
	return reservationsInFlight.has(processId);
}

/** Runs records of a reservation, unless another trigger of this process, which shares the queue, is running them. */
export async function whileInFlight(processId: string, work: () => Promise<void>): Promise<void> {
	if (reservationsInFlight.has(processId)) return;
	reservationsInFlight.add(processId);
	await work().finally(() => reservationsInFlight.delete(processId));
}
