import { isSelected } from '../event/codes';
import type { OfflineRecord } from '../event/queueItem';
import { processState } from '../n8n/processState';
import type { AddTo } from './additions';
import type { Batch } from './offlineQueueApi';
import type { RetryPolicy } from './retryPolicy';
import type { Runner } from './run';
import type { QueueSession } from './setup';

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
	signal: AbortSignal;
	/** Epoch milliseconds. */
	now: () => number;
	/** Reports that a record was moved to failed. */
	onFailed(record: OfflineRecord): void;
}

// While events run one at a time, acks go out in between, so that a killed n8n repeats seconds of work.
const ackIntervalMs = 5_000;

/**
 * Runs a batch: the only place that does, and that acknowledges. Each record is acknowledged, moved to failed, or stays
 * reserved, as the outcome of its run says. Nothing is acknowledged without an outcome, but events that the user does not
 * want (any more).
 *
 * @throws ActionableError when the portal does not take the acks; they stay pending
 */
export async function processBatch(batch: Batch, session: QueueSession, context: BatchContext): Promise<void> {
	const { processId, records } = batch;
	const { queue, pendingAcks, portal, isExclusive, lookUp } = session;
	const { retryPolicy, isOnReceipt, addTo, run, events, signal, now, onFailed } = context;

	const isWanted = ({ EVENT_NAME }: OfflineRecord) => isSelected(EVENT_NAME, events);
	if (processId === null) return await runOnce(records.filter(isWanted));
	const mayRun = (record: OfflineRecord) =>
		isWanted(record) && !pendingAcks.has(processId, record.ID) && !retryPolicy.isExhausted(record.ID);

	/** Runs what the portal no longer keeps: whatever happens, it is now or never. */
	async function runOnce(due: readonly OfflineRecord[]): Promise<void> {
		const additions = await addTo(due, lookUp, true);
		for (const group of retryPolicy.group(due)) await run(group, portal, additions);
	}

	async function runAndAcknowledge(reservation: string, due: readonly OfflineRecord[]): Promise<void> {
		const additions = await addTo(due, lookUp, false);
		let flushedAt = now();

		async function runGroup(group: OfflineRecord[]): Promise<void> {
			if (signal.aborted) return;
			const decision = retryPolicy.recordOutcome(group, await run(group, portal, additions));
			if (decision === 'runSeparately') {
				for (const record of group) await runGroup([record]);
			} else if (decision === 'acknowledge') {
				pendingAcks.acknowledge(reservation, idsOf(group));
			} else if (decision === 'moveToFailed') {
				for (const record of group) {
					pendingAcks.moveToFailed(reservation, record.ID, record.MESSAGE_ID);
					onFailed(record);
				}
			}
			if (now() - flushedAt < ackIntervalMs) return;
			await pendingAcks.flush(queue);
			flushedAt = now();
		}

		// What could not be looked up yet stays reserved, and is recovered.
		const ready = due.filter(({ ID }) => additions.has(ID));
		for (const group of retryPolicy.group(ready)) await runGroup(group);
	}

	if (signal.aborted) return;
	await whileInFlight(processId, async () => {
		// In a queue that others use, what this trigger does not want is theirs.
		if (isExclusive) pendingAcks.acknowledge(processId, idsOf(records.filter((record) => !isWanted(record))));
		const due = records.filter(mayRun);
		if (isOnReceipt) {
			await queue.acknowledge(processId, idsOf(due));
			await runOnce(due);
		} else {
			await runAndAcknowledge(processId, due);
		}
		await pendingAcks.flush(queue);
	});
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
