import { ActionableError, meaningOf } from './errors';
import type { ApiFailure } from './response';

// n8n and the user wait meanwhile; what takes longer is an error for them.
const maxDelayMs = 15_000;

/**
 * How long to wait before a failed call is retried: half a second, doubled each time; as long as the portal says where it
 * says so.
 *
 * @param retries how often it has been retried already
 * @param now epoch milliseconds
 * @param soonOnly whether to retry only what passes within seconds
 * @returns milliseconds; null when a retry is of no use, or takes too long to wait for
 */
export function retryDelay(retries: number, failure: ApiFailure, now: number, soonOnly: boolean): number | null {
	const { passes } = meaningOf(failure);
	if (passes === 'never' || (soonOnly && passes !== 'soon')) return null;
	const backoff = 500 * 2 ** retries;
	if (failure.retryAt === undefined) return Math.min(backoff, 8_000);
	const asTold = Math.max(failure.retryAt - now, backoff);
	return asTold <= maxDelayMs ? asTold : null;
}

/** The failed call behind an error, if there is one. */
export function failureOf(error: unknown): ApiFailure | null {
	return error instanceof ActionableError ? error.failure : null;
}

/** Whether the portal answers that it does not understand the call. */
export function isBadRequest(error: unknown): error is ActionableError {
	return failureOf(error)?.status === 400;
}

/** Whether a call that has failed may have been carried out all the same. */
export function mayHaveHappened(error: unknown): boolean {
	const failure = failureOf(error);
	return failure !== null && meaningOf(failure).mayHaveHappened === true;
}
