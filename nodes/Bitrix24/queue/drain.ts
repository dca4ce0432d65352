import type { Handling } from './handle';
import { handle } from './handle';
import type { ReadyQueue } from './prepare';

// After so many full batches in a row, reservations that wait for another run get their turn.
const mostRounds = 20;

/**
 * Handles what waits in the queue, one batch after the other as long as they are full. In a queue that others use, the
 * selected events take turns, so that none waits for the end of another that comes in masses.
 *
 * @param reservations where the reservations that are made are noted
 * @returns whether more is waiting
 * @throws Refusal when the portal refuses or does not answer
 */
export async function drain(
	ready: ReadyQueue,
	handling: Handling,
	{ batchSize: limit, reservations }: { batchSize: number; reservations: Set<string> },
): Promise<boolean> {
	const { queue, isOwn, events } = ready;
	// In a queue of the trigger's own everything is its own; from a shared one only the selected events are taken.
	let full: ReadonlyArray<string | null> = isOwn ? [null] : events;
	for (let round = 0; round < mostRounds; round++) {
		const stillFull: Array<string | null> = [];
		for (const event of full) {
			if (handling.signal.aborted) return false;
			const batch = handling.isOnReceipt ? await queue.take({ limit, event }) : await queue.reserve({ limit, event });
			if (batch.processId !== null) reservations.add(batch.processId);
			await handle(batch, ready, handling);
			if (batch.records.length >= limit) stillFull.push(event);
		}
		if (stillFull.length === 0) return false;
		full = stillFull;
	}
	return true;
}
