import type { Contradiction } from './contradiction';

/** Why a REST call of ours came to nothing. Never holds a token. */
export interface Failure {
	/** The HTTP status, null when there was no answer at all. */
	status: number | null;
	/** Bitrix24's error code as sent (`QUERY_LIMIT_EXCEEDED`), or one of ours: NO_ANSWER, UNREADABLE_ANSWER, NO_ACCESS. */
	code: string;
	/** Bitrix24's own words, or the reason why no answer came. */
	description: string;
	/** When the portal says that it will listen again, in milliseconds since 1970. */
	retryAt?: number;
	/** What in the credential explains that its access is refused. */
	contradiction?: Contradiction;
}

/** What came of a REST call. */
export type Answer = { ok: true; result: unknown; next: number | null } | { ok: false; failure: Failure };
