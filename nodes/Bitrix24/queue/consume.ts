import { pause } from '../api/pause';
import type { QueueSettings } from '../settings/queueSettings';
import { drain } from './drain';
import type { Handling } from './handle';
import type { Outage } from './outage';
import type { ReadyQueue } from './prepare';
import { reserveErrors } from './reserveErrors';
import { takeUpLeftOvers } from './takeUpLeftOvers';

/** What a queue is consumed with. */
export interface Consuming {
	settings: QueueSettings;
	handling: Handling;
	outage: Outage;
	/** Makes the queue ready again after an outage: meanwhile the app may have been reinstalled, or the credential changed. */
	prepare(): Promise<ReadyQueue>;
}

/**
 * Reads the queue until the node closes: what was left over first, then what waits, then a rest. No failure ends it.
 *
 * @param first the queue as it was made ready at activation
 */
export async function consume(first: ReadyQueue, { settings, handling, outage, prepare }: Consuming): Promise<void> {
	const { signal, now } = handling;
	const { batchSize, retryErrors } = settings;
	const rest = settings.checkEverySeconds * 1000;
	const reservations = new Set<string>();
	let ready: ReadyQueue | null = first;
	let isStarting = true;
	// Whether reservations may lie there that answers were lost of, so that nobody knows whose they are.
	let mayKnowTooLittle = true;
	let lookedAt = -Infinity;

	async function check(current: ReadyQueue): Promise<boolean> {
		await current.settlements.flush(current.queue);
		// While batch follows batch, an unsuccessful one waits no less for its next run than it does in quiet times.
		if (current.canReserve && now() - lookedAt >= rest) {
			if (isStarting && retryErrors) await reserveErrors(current, reservations, batchSize);
			await takeUpLeftOvers(current, handling, { reservations, ofAnybody: mayKnowTooLittle, retryErrors, batchSize });
			isStarting = false;
			mayKnowTooLittle = false;
			lookedAt = now();
		}
		return await drain(current, handling, { batchSize, reservations });
	}

	while (!signal.aborted) {
		try {
			ready ??= await prepare();
			const isMoreWaiting = await check(ready);
			outage.over();
			if (!isMoreWaiting) await pause(rest, signal);
		} catch (error) {
			if (signal.aborted) return;
			ready = null;
			mayKnowTooLittle = true;
			await pause(outage.note(error), signal);
		}
	}
}
