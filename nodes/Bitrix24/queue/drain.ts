import type { Handling } from './handle';
import { handle } from './handle';
import type { ReadyQueue } from './prepare';

// After so many full batches in a row, reservations that wait for another run get their turn.
const mostBatches = 20;

/**
 * Handles what waits in the queue, one batch after the other as long as they are full.
 *
 * @param reservations where the reservations that are made are noted
 * @param takes whether records are handed out for good, instead of reserved
 * @returns whether more is waiting
 * @throws Refusal when the portal refuses or does not answer
 */
export async function drain(
	ready: ReadyQueue,
	handling: Handling,
	{ batchSize: limit, reservations, takes }: { batchSize: number; reservations: Set<string>; takes: boolean },
): Promise<boolean> {
	const { queue, isOwn, events } = ready;
	let batches = 0;
	// In a queue of the trigger's own everything is its own; from a shared one only the selected events are taken.
	for (const event of isOwn ? [null] : events) {
		for (;;) {
			if (handling.signal.aborted) return false;
			if (batches++ >= mostBatches) return true;
			const batch = takes ? await queue.take({ limit, event }) : await queue.reserve({ limit, event });
			if (batch.processId !== null) reservations.add(batch.processId);
			if (batch.records.length > 0) await handle(batch, ready, handling);
			if (batch.records.length < limit) break;
		}
	}
	return false;
}
