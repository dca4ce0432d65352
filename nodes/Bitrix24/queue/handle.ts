import { isSelected } from '../event/isSelected';
import type { OfflineRecord } from '../event/offlineRecord';
import type { Attempts } from './attempts';
import type { Runner } from './createRunner';
import { inFlight } from './inFlight';
import type { Batch } from './offlineQueue';
import type { ReadyQueue } from './prepare';

// While events run one at a time, the portal is told in between, so that a killed n8n repeats seconds of work.
const tellEvery = 5_000;

/** What a batch is handled with. */
export interface Handling {
	attempts: Attempts;
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
	const { attempts, events } = handling;
	const wanted = batch.records.filter(({ EVENT_NAME }) => isSelected(EVENT_NAME, events));
	if (batch.processId !== null) {
		await runAndSettle({ ...batch, processId: batch.processId }, wanted, ready, handling);
		return;
	}
	// Handed out for good: whatever happens, it is now or never.
	for (const records of attempts.group(wanted)) await handling.run(records, ready.source);
}

async function runAndSettle(
	{ processId, records: all }: Batch & { processId: string },
	wanted: OfflineRecord[],
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

	await inFlight(processId, async () => {
		settlements.confirm(processId, idsOf(all.filter((record) => !wanted.includes(record))));
		const due = wanted.filter(({ ID }) => !settlements.owes(processId, ID) && !attempts.isGivenUp(ID));
		for (const records of attempts.group(due)) await runGroup(records);
		await settlements.flush(queue);
	});
}

function idsOf(records: readonly OfflineRecord[]): string[] {
	return records.map(({ ID }) => ID);
}
