import { ActionableError, meaningOf } from '../api/errors';
import type { Log } from '../n8n/log';

/** Follows the times when the portal cannot be used, so that each is logged once. */
export interface Outage {
	/**
	 * Notes a failed attempt to use the portal, and logs or reports it where that is due.
	 *
	 * @returns how long to wait before the next attempt, in milliseconds
	 */
	note(error: unknown): number;
	/** Notes that the portal can be used. */
	over(): void;
}

const secondMs = 1000;
const maxPauseMs = 60 * secondMs;
const maxRetryAfterMs = 600 * secondMs;
// Some eight minutes: what has not passed by then may not pass by itself.
const maxQuietAttempts = 12;

/** @param log where to log it, and `now` in epoch milliseconds */
export function createOutage({ now, warn, report, info }: Log & { now: () => number }): Outage {
	let attempts = 0;
	let isReported = false;

	return {
		note(error) {
			attempts += 1;
			if (isTransient(error) && attempts < maxQuietAttempts) {
				if (attempts === 1) warn(error.message);
			} else if (!isReported) {
				isReported = true;
				report(error);
			}
			const pause = 5 * secondMs * 2 ** (attempts - 1);
			const { retryAt } = (error instanceof ActionableError ? error.failure : null) ?? {};
			return Math.max(Math.min(pause, maxPauseMs), Math.min((retryAt ?? 0) - now(), maxRetryAfterMs));
		},
		over() {
			if (attempts > 0) info('The Bitrix24 queue can be read again.');
			attempts = 0;
			isReported = false;
		},
	};
}

function isTransient(error: unknown): error is ActionableError {
	const failure = error instanceof ActionableError ? error.failure : null;
	return failure !== null && meaningOf(failure).passes !== 'never';
}
