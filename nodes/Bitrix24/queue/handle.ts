import { isSelected } from '../event/isSelected';
import type { OfflineRecord } from '../event/offlineRecord';
import type { Attempts } from './attempts';
import type { Runner } from './createRunner';
import { eachOf } from './eachOf';
import { inFlight } from './inFlight';
import type { Batch } from './offlineQueue';
import type { Settlements } from './settlements';

// How many single events may run at once: enough that a slow workflow does not hold the queue up.
const atOnce = 10;
// While single events run, the portal is told in between, so that a killed n8n repeats seconds of work and not minutes.
const tellEvery = 5_000;

/** What a batch is handled with. */
export interface Handling {
	attempts: Attempts;
	settlements: Settlements;
	run: Runner;
	/** Codes that the user chose, in upper case. */
	events: readonly string[];
	signal: AbortSignal;
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
export async function handle(batch: Batch, handling: Handling): Promise<void> {
	const { processId } = batch;
	const { attempts, settlements, run, events, signal, now } = handling;
	const wanted = batch.records.filter(({ EVENT_NAME }) => isSelected(EVENT_NAME, events));
	if (processId === null) {
		await eachOf(attempts.group(wanted), atOnce, signal, async (records) => {
			await run(records);
		});
		return;
	}
	const unwanted = batch.records.filter((record) => !wanted.includes(record));
	settlements.confirm(
		processId,
		unwanted.map(({ ID }) => ID),
	);
	let toldAt = now();

	async function runAndSettle(records: OfflineRecord[], reservation: string): Promise<void> {
		const decision = attempts.decide(records, await run(records));
		if (decision === 'runAlone') {
			await eachOf(records, 1, signal, async (record) => await runAndSettle([record], reservation));
		} else if (decision === 'putAside') {
			for (const record of records) {
				settlements.putAside(reservation, record.ID, record.MESSAGE_ID);
				handling.onPutAside(record);
			}
		} else if (decision === 'confirm') {
			settlements.confirm(
				reservation,
				records.map(({ ID }) => ID),
			);
		}
		if (now() - toldAt < tellEvery) return;
		toldAt = now();
		await settlements.flush();
	}

	await inFlight(processId, async () => {
		const groups = attempts.group(wanted.filter(({ ID }) => !settlements.owes(processId, ID)));
		await eachOf(groups, atOnce, signal, async (records) => await runAndSettle(records, processId));
		await settlements.flush();
	});
}
