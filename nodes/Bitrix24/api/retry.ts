import type { ApiFailure } from './response';

// n8n and the user wait meanwhile; what takes longer is told instead.
const maxDelayMs = 15_000;

// A full bucket empties, and time that is used up comes back: these end by themselves, and soon.
const passSoon = new Set(['QUERY_LIMIT_EXCEEDED', 'OPERATION_TIME_LIMIT']);
const pass = new Set([...passSoon, 'OVERLOAD_LIMIT', 'NO_ANSWER', 'INTERNAL_SERVER_ERROR']);

/**
 * How long to wait before a failed call is worth repeating: half a second, doubled each time; as long as the portal says
 * where it says so.
 *
 * @param repeat how often it has been repeated already
 * @param failure what came of it
 * @param now milliseconds since 1970
 * @param isPatient false to repeat nothing but what is sure to pass
 * @returns milliseconds, null when repeating is of no use or takes too long to wait for
 */
export function retryDelay(repeat: number, failure: ApiFailure, now: number, isPatient = true): number | null {
	const gateway = failure.status !== null && [502, 503, 504].includes(failure.status);
	if (isPatient ? !pass.has(failure.code) && !gateway : !passSoon.has(failure.code)) return null;
	const pause = 500 * 2 ** repeat;
	if (failure.retryAt === undefined) return Math.min(pause, 8_000);
	const asTold = Math.max(failure.retryAt - now, pause);
	return asTold <= maxDelayMs ? asTold : null;
}
