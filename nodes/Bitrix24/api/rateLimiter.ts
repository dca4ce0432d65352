type Sleep = (milliseconds: number) => Promise<void>;

/** How fast one n8n process may call one portal. */
export interface RateLimiter {
	/** Waits until a call is within the portal's rate, in the order of asking, and counts it. */
	wait(sleep: Sleep): Promise<void>;
	/**
	 * Counts a call only where it takes no place that another call waits for.
	 *
	 * @param withinMs how long it may wait for one; 0 for a place at once
	 * @returns false where there was none: the call must not be made
	 */
	takeSpare(sleep: Sleep, withinMs: number): Promise<boolean>;
}

// Bitrix24 grants a source address 2 calls a second and a burst of 50. A little is left to the other nodes that call the
// same portal from here; and a process starts with a small burst, since the one before it may just have used up its own.
const refillPerSecond = 1.9;
const capacity = 40;
const initialTokens = 15;

/**
 * Keeps calls within the portal's rate, so that none is refused for it: a bucket of tokens, of which each call takes one.
 *
 * @param now epoch milliseconds
 */
export function createRateLimiter(now: () => number): RateLimiter {
	let tokens = initialTokens;
	let at = now();

	function refill(): void {
		const time = now();
		tokens = Math.min(capacity, tokens + (Math.max(0, time - at) / 1000) * refillPerSecond);
		at = time;
	}
	const msUntil = (wanted: number) => (Math.max(0, wanted - tokens) / refillPerSecond) * 1000;

	return {
		async wait(sleep) {
			refill();
			tokens -= 1;
			if (tokens < 0) await sleep(msUntil(0));
		},
		async takeSpare(sleep, withinMs) {
			for (let left = withinMs; ; ) {
				refill();
				// Those who wait have taken their tokens already, so that one is left only when all of them have their place.
				const delay = Math.ceil(msUntil(1));
				if (delay === 0) {
					tokens -= 1;
					return true;
				}
				if (delay > left) return false;
				left -= delay;
				await sleep(delay);
			}
		},
	};
}
