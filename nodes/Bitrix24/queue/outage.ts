import type { ActionableError } from '../api/errors';
import { meaningOf } from '../api/errors';
import { failureOf } from '../api/retry';
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
// What has not passed by then may not pass by itself.
const maxQuietMs = 600 * secondMs;

/** What an outage is followed with. */
export interface OutageOptions extends Log {
	/** Epoch milliseconds. */
	now: () => number;
	/** Milliseconds of elapsed time. */
	elapsed: () => number;
	/**
	 * Whether n8n itself starts the trigger: until the portal could be used once, access that is refused may pass as well,
	 * since a server may not be up yet.
	 */
	isUnattended: boolean;
}

/** @param options where to log it */
export function createOutage(options: OutageOptions): Outage {
	const { now, elapsed, warn, report, info } = options;
	let { isUnattended } = options;
	let attempts = 0;
	let since = 0;
	let isReported = false;
	const mayPass = (error: unknown): error is ActionableError =>
		isTransient(error) || (isUnattended && failureOf(error)?.status === 401);

	return {
		note(error) {
			attempts += 1;
			if (attempts === 1) since = elapsed();
			if (mayPass(error) && elapsed() - since < maxQuietMs) {
				if (attempts === 1) warn(error.message);
			} else if (!isReported) {
				isReported = true;
				report(error);
			}
			const pause = 5 * secondMs * 2 ** (attempts - 1);
			const retryAt = failureOf(error)?.retryAt ?? 0;
			return Math.max(Math.min(pause, maxPauseMs), Math.min(retryAt - now(), maxRetryAfterMs));
		},
		over() {
			if (attempts > 0) info('The Bitrix24 queue can be read again.');
			attempts = 0;
			isReported = false;
			isUnattended = false;
		},
	};
}

function isTransient(error: unknown): error is ActionableError {
	const failure = failureOf(error);
	return failure !== null && meaningOf(failure).passes !== 'never';
}
