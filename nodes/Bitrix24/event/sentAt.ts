// The last second that a JavaScript date can name.
const lastSecond = 8_640_000_000_000;

/**
 * When an event left the portal's queue.
 *
 * @param ts Unix seconds as sent
 * @returns milliseconds since 1970, null when it is no such number
 */
export function sentAt(ts: string | undefined): number | null {
	if (ts === undefined || !/^\d{1,13}$/.test(ts)) return null;
	const seconds = Number(ts);
	return seconds <= lastSecond ? seconds * 1000 : null;
}
