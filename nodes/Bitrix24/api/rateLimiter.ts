/** How fast one n8n process may call one portal. */
export interface Pace {
	/** Waits until a call is within the portal's rate, and counts it. */
	wait(sleep: (milliseconds: number) => Promise<void>): Promise<void>;
	/** Counts a call that does not wait. */
	spend(): void;
}

// Bitrix24 grants a source address 2 calls a second and a burst of 50. A little is left to the other nodes that call the
// same portal from here; and a process starts with a small burst, since the one before it may just have used up its own.
const perSecond = 1.9;
const burst = 40;
const atFirst = 15;

/**
 * Keeps calls within the portal's rate, so that none is refused for it.
 *
 * @param now milliseconds since 1970
 */
export function createPace(now: () => number): Pace {
	let left = atFirst;
	let at = now();

	function take(): number {
		const time = now();
		left = Math.min(burst, left + (Math.max(0, time - at) / 1000) * perSecond) - 1;
		at = time;
		return left;
	}

	return {
		async wait(sleep) {
			const after = take();
			if (after < 0) await sleep((-after / perSecond) * 1000);
		},
		spend() {
			take();
		},
	};
}

const paces = new Map<string, Pace>();

/**
 * The pace of a portal, which all nodes of this process share.
 *
 * @param origin the portal's address
 */
export function paceOf(origin: string): Pace {
	const pace = paces.get(origin) ?? createPace(Date.now);
	paces.set(origin, pace);
	return pace;
}
