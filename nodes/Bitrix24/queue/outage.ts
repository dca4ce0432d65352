import { Refusal } from '../api/errors';
import type { Telling } from '../n8n/log';

/** Follows the times when the portal can not be used, so that each is told once. */
export interface Outage {
	/**
	 * Notes a failed attempt to use the portal, and tells the user where that is due.
	 *
	 * @returns how long to wait before the next attempt, in milliseconds
	 */
	note(error: unknown): number;
	/** Notes that the portal can be used. */
	over(): void;
}

const second = 1000;
const longestPause = 60 * second;
const longestWait = 600 * second;
// Some eight minutes: what has not passed by then may not pass by itself.
const mostInSilence = 12;

/**
 * @param telling where to tell it
 * @param telling.now milliseconds since 1970
 */
export function createOutage({ now, warn, report, info }: Telling & { now: () => number }): Outage {
	let attempts = 0;
	let isReported = false;

	return {
		note(error) {
			attempts += 1;
			if (mayPass(error) && attempts < mostInSilence) {
				if (attempts === 1) warn(error.message);
			} else if (!isReported) {
				isReported = true;
				report(error);
			}
			const pause = 5 * second * 2 ** (attempts - 1);
			const { retryAt } = (error instanceof Refusal ? error.failure : null) ?? {};
			return Math.max(Math.min(pause, longestPause), Math.min((retryAt ?? 0) - now(), longestWait));
		},
		over() {
			if (attempts > 0) info('The Bitrix24 queue can be read again.');
			attempts = 0;
			isReported = false;
		},
	};
}

const passing = new Set([
	'NO_ANSWER',
	'UNREADABLE_ANSWER',
	'QUERY_LIMIT_EXCEEDED',
	'OVERLOAD_LIMIT',
	'OPERATION_TIME_LIMIT',
]);

function mayPass(error: unknown): error is Refusal {
	const failure = error instanceof Refusal ? error.failure : null;
	if (failure === null || failure.code === 'PORTAL_DELETED') return false;
	return passing.has(failure.code) || (failure.status ?? 0) >= 500;
}
