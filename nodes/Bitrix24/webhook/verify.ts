import { hashOf, isSameSecret } from '../applicationToken/learnedToken';
import type { OutgoingWebhook } from '../connection/outgoingWebhook';
import { comparableHost } from '../connection/portalUrl';
import type { Bitrix24Event } from '../event/event';
import { sentAt } from '../event/event';

/** Why a delivery is not accepted, as the answer names it. */
export type RejectionCode =
	| 'INVALID_APPLICATION_TOKEN'
	| 'WRONG_PORTAL'
	| 'EXPIRED_EVENT'
	| 'INVALID_EVENT'
	| 'NOT_CONFIGURED';

export type Rejection = { kind: 'rejected'; code: RejectionCode; reason: string };

/** What is known of a delivery once it has been looked at. */
export type Verification =
	| { kind: 'verified' }
	/** It brought our challenge back, and with it the application token. */
	| { kind: 'tokenLearned'; hash: string; taughtAt: number }
	/** It brought back the challenge of an editor that is listening for a sample. */
	| { kind: 'sample' }
	/** It did so, but with another application token than the credential's: only the app's own portal can have sent it. */
	| { kind: 'tokenMismatch' }
	| Rejection;

/** A delivery that has no valid application token. */
export function rejectToken(reason: string): Rejection {
	return { kind: 'rejected', code: 'INVALID_APPLICATION_TOKEN', reason };
}

/** Verifies a delivery of an outgoing webhook: by one of the credential's tokens, and the portal if it names one. */
export function verifyOutgoingWebhook(
	{ auth }: Bitrix24Event,
	{ tokens, host }: OutgoingWebhook,
): { kind: 'verified' } | Rejection {
	const delivered = auth.application_token;
	if (delivered === undefined) return rejectToken('it carries no application token');
	// Every token is compared, so that the time does not show which one matched.
	const matches = tokens.filter((token) => isSameSecret(delivered, hashOf(token)));
	if (matches.length === 0) return rejectToken("its application token is none of the credential's");
	if (host !== null && comparableHost(auth.domain ?? '') !== host) {
		return { kind: 'rejected', code: 'WRONG_PORTAL', reason: 'it comes from another portal than the credential names' };
	}
	return { kind: 'verified' };
}

// Clocks differ; a delivery from further ahead is not from a portal's clock.
const toleranceMs = 5 * 60_000;

/**
 * Whether a delivery is young enough.
 *
 * @param ts when it left the portal's queue, Unix seconds as sent
 * @param maxAgeMinutes 0 for any age; NaN, where an expression gives no number, for none
 * @param now epoch milliseconds
 */
export function isFresh(ts: string | undefined, maxAgeMinutes: number, now: number): boolean {
	if (maxAgeMinutes === 0) return true;
	const time = sentAt(ts);
	return time !== null && now - time <= maxAgeMinutes * 60_000 && time - now <= toleranceMs;
}
