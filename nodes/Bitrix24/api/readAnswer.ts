import { z } from 'zod';

import type { Answer } from './failure';

// The last second that a date can name.
const lastSecond = 8_640_000_000_000;

const success = z.object({
	result: z.unknown().optional(),
	next: z.coerce.number().int().positive().optional().catch(undefined),
});
const refusal = z.object({
	error: z.union([z.string(), z.number()]).transform(String),
	error_description: z.string().optional().catch(undefined),
	time: z
		.object({ operating_reset_at: z.coerce.number().positive().max(lastSecond) })
		.optional()
		.catch(undefined),
});

/**
 * Reads what a portal answered to a REST call (`{"result", "time"}` or `{"error", "error_description"}`).
 *
 * @param status the HTTP status
 * @param body the answer's body, parsed if it was JSON
 */
export function readAnswer(status: number, body: unknown): Answer {
	const refused = refusal.safeParse(body);
	if (refused.success) {
		const { error, error_description: description, time } = refused.data;
		return {
			ok: false,
			failure: {
				status,
				code: error === '' ? 'UNREADABLE_ANSWER' : error,
				description: description ?? '',
				...(time ? { retryAt: time.operating_reset_at * 1000 } : {}),
			},
		};
	}
	const accepted = success.safeParse(body);
	if (status < 300 && accepted.success && accepted.data.result !== undefined) {
		return { ok: true, result: accepted.data.result, next: accepted.data.next ?? null };
	}
	return {
		ok: false,
		failure: { status, code: 'UNREADABLE_ANSWER', description: `HTTP ${status}, not an answer of the REST API` },
	};
}
