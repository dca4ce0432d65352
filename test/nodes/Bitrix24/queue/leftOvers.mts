import type { Step } from './consumerSteps.mjs';
import { recoverReservations } from './consumerSteps.mjs';
import type { Station } from './station.mjs';

/** Somebody reserves what waits, so many at a time, and dies. */
export async function reserveAll(
	{ ready, portal }: Station,
	limit: number,
	event: string | null = null,
): Promise<void> {
	for (;;) {
		const { records } = await ready.queue.reserve({ limit, event });
		if (records.length < limit) break;
	}
	portal.calls.length = 0;
}

/** Takes up what is left over; returns the reservations that it has taken note of. */
export async function takeUp({ ready, handling }: Station, changes: Partial<Step> = {}): Promise<string[]> {
	const leftOvers = { reservations: new Set<string>(), ofAnybody: false, retryErrors: false, batchSize: 100 };
	const used = { ...leftOvers, ...changes };
	await recoverReservations(ready, handling, used);
	return [...used.reservations];
}
