/** How fast one n8n process may call one portal. */
export interface RateLimiter {
	/** Waits until a call is within the portal's rate, and counts it. */
	wait(sleep: (milliseconds: number) => Promise<void>): Promise<void>;
	/** Counts a call that does not wait. */
	count(): void;
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

	function take(): number {
		const time = now();
		tokens = Math.min(capacity, tokens + (Math.max(0, time - at) / 1000) * refillPerSecond) - 1;
		at = time;
		return tokens;
	}

	return {
		async wait(sleep) {
			const left = take();
			if (left < 0) await sleep((-left / refillPerSecond) * 1000);
		},
		count() {
			take();
		},
	};
}
