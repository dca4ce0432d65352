import type { Clock } from '../portal/clock.mjs';

/** How fast a source may call: `burst` calls at once, `perSecond` for as long as it likes. */
export interface Rate {
	perSecond: number;
	burst: number;
}

/**
 * The portal's rate limit: one counter per source address, which grows by one a call, shrinks by `perSecond` a second,
 * and never passes `burst`.
 */
export class LeakyBucket {
	private readonly levels = new Map<string, { level: number; at: number }>();

	constructor(private readonly clock: Clock) {}

	/** Counts a call. False: it is over the limit, and must be refused (a refused call does not fill the bucket). */
	admit(source: string, rate: Rate): boolean {
		const now = this.clock.now();
		const { level, at } = this.levels.get(source) ?? { level: 0, at: now };
		const left = Math.max(0, level - ((now - at) / 1000) * rate.perSecond);
		const admitted = left + 1 <= rate.burst;
		this.levels.set(source, { level: admitted ? left + 1 : left, at: now });
		return admitted;
	}
}
