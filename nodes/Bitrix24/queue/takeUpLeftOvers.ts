import { isSelected } from '../event/isSelected';
import type { Handling } from './handle';
import { handle } from './handle';
import { isInFlight } from './inFlight';
import type { ReservedRecord } from './offlineQueue';
import type { ReadyQueue } from './prepare';

/** Which reservations to take up. */
export interface LeftOvers {
	/**
	 * Reservations that this trigger has made or taken up. Those that it takes up are added: they are its own from then on;
	 * those of which nothing is left go.
	 */
	reservations: Set<string>;
	/** Whether to take up those of others in a shared queue as well: nobody can tell whose they are. */
	ofAnybody: boolean;
	/** Whether to take up records that were put aside before. */
	retryErrors: boolean;
	batchSize: number;
}

/**
 * Takes up what was reserved and never confirmed, because a run was unsuccessful, n8n was killed, or the portal's answer
 * was lost: in the order in which it was queued, each reservation once.
 *
 * @throws Refusal when the portal refuses or does not answer
 */
export async function takeUpLeftOvers(ready: ReadyQueue, handling: Handling, leftOvers: LeftOvers): Promise<void> {
	const { queue, events, isOwn } = ready;
	const { signal, attempts } = handling;
	const { reservations, ofAnybody, retryErrors, batchSize } = leftOvers;
	const tried = new Set<string>();
	const listed = new Set<string>();
	const isDue = ({ id, processId, event, isAside }: ReservedRecord): boolean =>
		!tried.has(processId) &&
		!isInFlight(processId) &&
		(isOwn || ((ofAnybody || reservations.has(processId)) && isSelected(event, events))) &&
		(!isAside || (retryErrors && !attempts.isGivenUp(id)));

	async function takeUp({ processId, isAside }: ReservedRecord): Promise<void> {
		let afterId = '0';
		let size = batchSize;
		while (size >= batchSize && !signal.aborted) {
			const batch = await queue.reserved(processId, { limit: batchSize, aside: isAside, afterId });
			size = batch.records.length;
			afterId = batch.records.at(-1)?.ID ?? afterId;
			await handle(batch, ready, handling);
		}
	}

	let afterId = '0';
	for (;;) {
		const { records, lastId } = await queue.listReserved(afterId);
		if (signal.aborted) return;
		if (lastId === null) break;
		for (const { processId } of records) listed.add(processId);
		const due = records.find(isDue);
		if (due === undefined) {
			afterId = lastId;
			continue;
		}
		tried.add(due.processId);
		reservations.add(due.processId);
		await takeUp(due);
	}
	for (const processId of reservations) if (!listed.has(processId)) reservations.delete(processId);
}
