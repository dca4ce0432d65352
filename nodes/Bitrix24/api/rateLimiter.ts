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
 * Keeps calls within the portal's rate, so that none is refused for it.
 *
 * @param now milliseconds since 1970
 */
export function createRateLimiter(now: () => number): RateLimiter {
	let left = initialTokens;
	let at = now();

	function take(): number {
		const time = now();
		left = Math.min(capacity, left + (Math.max(0, time - at) / 1000) * refillPerSecond) - 1;
		at = time;
		return left;
	}

	return {
		async wait(sleep) {
			const after = take();
			if (after < 0) await sleep((-after / refillPerSecond) * 1000);
		},
		count() {
			take();
		},
	};
}

const rateLimiters = new Map<string, RateLimiter>();

/**
 * The pace of a portal, which all nodes of this process share.
 *
 * @param origin the portal's address
 */
export function rateLimiterOf(origin: string): RateLimiter {
	const rateLimiter = rateLimiters.get(origin) ?? createRateLimiter(Date.now);
	rateLimiters.set(origin, rateLimiter);
	return rateLimiter;
}
