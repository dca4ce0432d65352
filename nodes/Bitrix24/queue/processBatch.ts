import { isSelected } from '../event/codes';
import type { OfflineRecord } from '../event/queueItem';
import type { Batch } from './offlineQueueApi';
import type { Attempts } from './retryPolicy';
import type { Runner } from './run';
import type { ReadyQueue } from './setup';

// While events run one at a time, the portal is told in between, so that a killed n8n repeats seconds of work.
const tellEvery = 5_000;

/** What a batch is handled with. */
export interface Handling {
	attempts: Attempts;
	/** Whether records are handled as soon as they are handed out, whatever becomes of their run. */
	isOnReceipt: boolean;
	run: Runner;
	/** Codes that the user chose, in upper case. */
	events: readonly string[];
	signal: AbortSignal;
	/** Milliseconds since 1970. */
	now: () => number;
	/** Reports that a record was put aside. */
	onPutAside(record: OfflineRecord): void;
}

/**
 * Runs a batch and settles it: each record is confirmed, put aside, or left reserved, as its run's end says. Nothing is
 * confirmed without a verdict, but events that the user does not want (any more).
 *
 * @throws Refusal when the portal can not be told; what it has not heard stays owed
 */
export async function handle(batch: Batch, ready: ReadyQueue, handling: Handling): Promise<void> {
	const { processId, records } = batch;
	const wanted = records.filter(({ EVENT_NAME }) => isSelected(EVENT_NAME, handling.events));
	if (processId === null) return await runForGood(wanted, ready, handling);
	if (handling.signal.aborted) return;
	const { queue, settlements, isOwn } = ready;
	await inFlight(processId, async () => {
		// In a queue that others use, what this trigger does not want is theirs.
		if (isOwn) settlements.confirm(processId, idsOf(records.filter((record) => !wanted.includes(record))));
		const due = wanted.filter(({ ID }) => !settlements.owes(processId, ID) && !handling.attempts.isGivenUp(ID));
		if (handling.isOnReceipt) {
			await queue.confirm(processId, idsOf(due));
			await runForGood(due, ready, handling);
		} else {
			await runAndSettle(processId, due, ready, handling);
		}
		await settlements.flush(queue);
	});
}

/** Runs what the portal does not keep any more: whatever happens, it is now or never. */
async function runForGood(
	due: readonly OfflineRecord[],
	{ source }: ReadyQueue,
	{ attempts, run }: Handling,
): Promise<void> {
	for (const records of attempts.group(due)) await run(records, source);
}

async function runAndSettle(
	processId: string,
	due: readonly OfflineRecord[],
	{ queue, settlements, source }: ReadyQueue,
	{ attempts, run, signal, now, onPutAside }: Handling,
): Promise<void> {
	let toldAt = now();

	async function runGroup(records: OfflineRecord[]): Promise<void> {
		if (signal.aborted) return;
		const decision = attempts.decide(records, await run(records, source));
		if (decision === 'runAlone') {
			for (const record of records) await runGroup([record]);
		} else if (decision === 'confirm') {
			settlements.confirm(processId, idsOf(records));
		} else if (decision === 'putAside') {
			for (const record of records) {
				settlements.putAside(processId, record.ID, record.MESSAGE_ID);
				onPutAside(record);
			}
		}
		if (now() - toldAt < tellEvery) return;
		await settlements.flush(queue);
		toldAt = now();
	}

	for (const records of attempts.group(due)) await runGroup(records);
}

function idsOf(records: readonly OfflineRecord[]): string[] {
	return records.map(({ ID }) => ID);
}

/**
 * The reservations whose records this process is running. They outlive the trigger: when a workflow is saved while it
 * runs, n8n closes its trigger and opens a new one, which must not take the running records for left over.
 */
const reservations = new Set<string>();

/** Whether this process is running records of a reservation. */
export function isInFlight(processId: string): boolean {
	return reservations.has(processId);
}

/** Runs records of a reservation, unless another trigger of this process, which shares the queue, is running them. */
export async function inFlight(processId: string, work: () => Promise<void>): Promise<void> {
	if (reservations.has(processId)) return;
	reservations.add(processId);
	await work().finally(() => reservations.delete(processId));
}
