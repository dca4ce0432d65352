import { sentAt } from '../event/sentAt';

// Clocks differ; a delivery from further ahead is not from a portal's clock.
const ahead = 5 * 60_000;

/**
 * Whether a delivery is young enough.
 *
 * @param ts when it left the portal's queue, Unix seconds as sent
 * @param maxAgeMinutes 0 for any age; NaN, where an expression gives no number, for none
 * @param now milliseconds since 1970
 */
export function isFresh(ts: string | undefined, maxAgeMinutes: number, now: number): boolean {
	if (maxAgeMinutes === 0) return true;
	const time = sentAt(ts);
	return time !== null && now - time <= maxAgeMinutes * 60_000 && time - now <= ahead;
}
