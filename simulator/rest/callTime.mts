import type { Clock } from '../portal/clock.mjs';
import { isoDate } from '../portal/isoDate.mjs';

const OPERATING_SECONDS = 0.012;

/** The `time` of an answer. `operating` counts the seconds that the method took within the last ten minutes. */
export function callTime(clock: Clock, startedAt: number): Record<string, unknown> {
	const finishedAt = clock.now();
	return {
		start: startedAt / 1000,
		finish: finishedAt / 1000,
		duration: (finishedAt - startedAt) / 1000,
		processing: (finishedAt - startedAt) / 1000,
		date_start: isoDate(startedAt),
		date_finish: isoDate(finishedAt),
		operating_reset_at: Math.floor(startedAt / 1000) + 600,
		operating: OPERATING_SECONDS,
	};
}
