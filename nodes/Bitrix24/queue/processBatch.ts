import { isSelected } from '../event/codes';
import type { OfflineRecord } from '../event/queueItem';
import type { Batch } from './offlineQueueApi';
import type { RetryPolicy } from './retryPolicy';
import type { Runner } from './run';
import type { QueueSession } from './setup';

// While events run one at a time, the portal is told in between, so that a killed n8n repeats seconds of work.
const ackIntervalMs = 5_000;

/** What a batch is handled with. */
export interface BatchContext {
	retryPolicy: RetryPolicy;
	/** Whether records are handled as soon as they are handed out, whatever becomes of their run. */
	isOnReceipt: boolean;
	run: Runner;
	/** Codes that the user chose, in upper case. */
	events: readonly string[];
	signal: AbortSignal;
	/** Milliseconds since 1970. */
	now: () => number;
	/** Reports that a record was put aside. */
	onFailed(record: OfflineRecord): void;
}

/**
 * Runs a batch and settles it: each record is confirmed, put aside, or left reserved, as its run's end says. Nothing is
 * confirmed without a verdict, but events that the user does not want (any more).
 *
 * @throws Refusal when the portal can not be told; what it has not heard stays owed
 */
export async function processBatch(batch: Batch, session: QueueSession, context: BatchContext): Promise<void> {
	const { processId, records } = batch;
	const wanted = records.filter(({ EVENT_NAME }) => isSelected(EVENT_NAME, context.events));
	if (processId === null) return await runOnce(wanted, session, context);
	if (context.signal.aborted) return;
	const { queue, pendingAcks, isExclusive } = session;
	await whileInFlight(processId, async () => {
		// In a queue that others use, what this trigger does not want is theirs.
		if (isExclusive) pendingAcks.acknowledge(processId, idsOf(records.filter((record) => !wanted.includes(record))));
		const due = wanted.filter(({ ID }) => !pendingAcks.has(processId, ID) && !context.retryPolicy.isExhausted(ID));
		if (context.isOnReceipt) {
			await queue.acknowledge(processId, idsOf(due));
			await runOnce(due, session, context);
		} else {
			await runAndAcknowledge(processId, due, session, context);
		}
		await pendingAcks.flush(queue);
	});
}

/** Runs what the portal does not keep any more: whatever happens, it is now or never. */
async function runOnce(
	due: readonly OfflineRecord[],
	{ portal }: QueueSession,
	{ retryPolicy, run }: BatchContext,
): Promise<void> {
	for (const records of retryPolicy.group(due)) await run(records, portal);
}

async function runAndAcknowledge(
	processId: string,
	due: readonly OfflineRecord[],
	{ queue, pendingAcks, portal }: QueueSession,
	{ retryPolicy, run, signal, now, onFailed: onPutAside }: BatchContext,
): Promise<void> {
	let toldAt = now();

	async function runGroup(records: OfflineRecord[]): Promise<void> {
		if (signal.aborted) return;
		const decision = retryPolicy.recordOutcome(records, await run(records, portal));
		if (decision === 'runSeparately') {
			for (const record of records) await runGroup([record]);
		} else if (decision === 'acknowledge') {
			pendingAcks.acknowledge(processId, idsOf(records));
		} else if (decision === 'moveToFailed') {
			for (const record of records) {
				pendingAcks.moveToFailed(processId, record.ID, record.MESSAGE_ID);
				onPutAside(record);
			}
		}
		if (now() - toldAt < ackIntervalMs) return;
		await pendingAcks.flush(queue);
		toldAt = now();
	}

	for (const records of retryPolicy.group(due)) await runGroup(records);
}

function idsOf(records: readonly OfflineRecord[]): string[] {
	return records.map(({ ID }) => ID);
}

/**
 * The reservations whose records this process is running. They outlive the trigger: when a workflow is saved while it
 * runs, n8n closes its trigger and opens a new one, which must not take the running records for left over.
 */
const inFlight = new Set<string>();

/** Whether this process is running records of a reservation. */
export function isInFlight(processId: string): boolean {
	return inFlight.has(processId);
}

/** Runs records of a reservation, unless another trigger of this process, which shares the queue, is running them. */
export async function whileInFlight(processId: string, work: () => Promise<void>): Promise<void> {
	if (inFlight.has(processId)) return;
	inFlight.add(processId);
	await work().finally(() => inFlight.delete(processId));
}
