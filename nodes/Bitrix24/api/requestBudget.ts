/** How many HTTP requests deliveries that prove nothing yet may cost a portal. */
export interface RequestBudget {
	/**
	 * Counts a request, where one is left.
	 *
	 * @param urgentFor who needs it first: as long as one of them has found none left, the others find none either
	 * @returns whether it may be made
	 */
	take(urgentFor?: string): boolean;
}

const maxRequests = 10;
const periodMs = 60_000;

/**
 * At most ten requests within any minute. Anybody can send deliveries, and each could make this n8n call its portal.
 *
 * @param now epoch milliseconds
 */
export function createRequestBudget(now: () => number): RequestBudget {
	let made: number[] = [];
	/** Who found none left, and when. */
	const waiting = new Map<string, number>();

	return {
		take(urgentFor) {
			const time = now();
			// A clock that was set back must not keep a request counted for longer.
			const isWithin = (then: number, milliseconds: number) => Math.abs(time - then) < milliseconds;
			made = made.filter((then) => isWithin(then, periodMs));
			// Whoever does not come again by the time that there are requests for everybody waits no more.
			for (const [who, since] of waiting) if (!isWithin(since, 2 * periodMs)) waiting.delete(who);
			const left = maxRequests - made.length;
			if (left <= (urgentFor === undefined ? waiting.size : 0)) {
				if (urgentFor !== undefined) waiting.set(urgentFor, time);
				return false;
			}
			if (urgentFor !== undefined) waiting.delete(urgentFor);
			made.push(time);
			return true;
		},
	};
}
