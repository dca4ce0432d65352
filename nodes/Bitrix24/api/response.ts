import { z } from 'zod';

/**
 * What the credential says in one place and denies in another: it was edited after it was connected, or connected in a
 * window that belonged to another portal.
 */
export interface CredentialMismatch {
	about: 'portal' | 'authorizationServer';
	/** The address, without a path, that the credential was connected with. */
	connected: string;
	/** The one that stands in the credential. */
	entered: string;
}

/** Why a REST call failed. Never holds a token. */
export interface ApiFailure {
	/** The HTTP status, null when there was no answer at all. */
	status: number | null;
	/** Bitrix24's error code as sent (`QUERY_LIMIT_EXCEEDED`), or one of ours: NO_ANSWER, UNREADABLE_ANSWER, NO_ACCESS. */
	code: string;
	/** Bitrix24's own words, or the reason why no answer came. */
	description: string;
	/** When the portal says that the method can be called again, in epoch milliseconds. */
	retryAt?: number;
	/** What in the credential explains that its access is refused. */
	mismatch?: CredentialMismatch;
}

/** What came of a REST call. */
export type ApiResult = { ok: true; result: unknown } | { ok: false; failure: ApiFailure };

// The last second that a date can name.
const lastSecond = 8_640_000_000_000;

const successSchema = z.object({ result: z.unknown().optional() });
const errorSchema = z.object({
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
export function parseResponse(status: number, body: unknown): ApiResult {
	const refused = errorSchema.safeParse(body);
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
	const accepted = successSchema.safeParse(body);
	if (status < 300 && accepted.success && accepted.data.result !== undefined) {
		return { ok: true, result: accepted.data.result };
	}
	return {
		ok: false,
		failure: { status, code: 'UNREADABLE_ANSWER', description: `HTTP ${status}, not an answer of the REST API` },
	};
}

/** Whether `event.bind` failed only because the very handler is bound. */
export function isAlreadyBound({ code, description }: ApiFailure): boolean {
	return code === 'ERROR_CORE' && /already bind/i.test(description);
}

/** The failure of a method that answered in another form than the documented one. */
export function unreadableAnswer(method: string): ApiFailure {
	return { status: 200, code: 'UNREADABLE_ANSWER', description: `${method} answered in an unknown form` };
}

/** A truth value as Bitrix24 writes it: `true`, `1`, `"Y"`, `"true"`; every other one is false. What is missing is none. */
export const bitrixBoolean = z
	.union([z.boolean(), z.number(), z.string(), z.null()])
	.transform((value) => value === true || value === 1 || /^(?:y|true|1)$/i.test(String(value)));

/** The result of a method that answers `true`, or 1, once it is done: anything else says that nobody knows. */
export const bitrixTrue = bitrixBoolean.pipe(z.literal(true));
