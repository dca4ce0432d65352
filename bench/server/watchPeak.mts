import { setTimeout as sleep } from 'node:timers/promises';

/** Looks at something again and again, until it is stopped. */
export interface Watch {
	/** @returns the most that was seen */
	stop(): Promise<number>;
}

/**
 * Watches something that goes up and down.
 *
 * @param look tells how much it is now
 * @param pauseMs between two looks
 */
export function watchPeak(look: () => Promise<number>, pauseMs: number): Watch {
	let isWatching = true;
	let peak = 0;
	const watching = (async () => {
		while (isWatching) {
			peak = Math.max(peak, await look());
			await sleep(pauseMs);
		}
	})();
	return {
		async stop() {
			isWatching = false;
			await watching;
			return peak;
		},
	};
}
