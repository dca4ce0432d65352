import type { Handler } from './currentHandlers';

/** What has to change on the portal. */
export interface Difference {
	/** Codes to bind. */
	missing: string[];
	/** Handlers to unbind: of events that are not wanted, and doubles of one that is. */
	leftOver: Handler[];
}

/**
 * Compares what is wanted with what is bound: afterwards every wanted event has exactly one handler.
 *
 * @param desired codes in upper case
 * @param current what is bound at our address
 */
export function diff(desired: readonly string[], current: readonly Handler[]): Difference {
	const kept = new Map<string, Handler>();
	for (const handler of current) {
		const rival = kept.get(handler.event);
		// A handler under one user's authorization hears that user's own changes only: the general one is kept.
		if (desired.includes(handler.event) && (rival === undefined || (isGeneral(handler) && !isGeneral(rival)))) {
			kept.set(handler.event, handler);
		}
	}
	const stays = new Set(kept.values());
	return {
		missing: [...new Set(desired)].filter((code) => !kept.has(code)),
		leftOver: current.filter((handler) => !stays.has(handler)),
	};
}

/** Whether nothing has to change. */
export function isEmpty({ missing, leftOver }: Difference): boolean {
	return missing.length === 0 && leftOver.length === 0;
}

function isGeneral({ authType }: Handler): boolean {
	return authType === undefined || authType === '0' || authType === '';
}
