import type { Client } from '../api/client';
import type { Challenge } from '../applicationToken/challenge';
import type { LearnedToken } from '../applicationToken/learnedToken';
import { hashOf, isSameSecret } from '../applicationToken/learnedToken';
import type { OutgoingWebhook } from '../connection/outgoingWebhook';
import { comparableHost } from '../connection/portalUrl';
import type { Bitrix24Event } from '../event/event';
import { sentAt } from '../event/event';
import type { UserFields } from './userLookup';

/** Why a delivery is not accepted, as the answer names it. */
export type RejectionCode =
	| 'INVALID_APPLICATION_TOKEN'
	| 'WRONG_PORTAL'
	| 'EXPIRED_EVENT'
	| 'INVALID_EVENT'
	| 'NOT_CONFIGURED';

/** Whose access token a delivery brought, as the portal says. */
export interface TokenOwner {
	userId: string;
	/** The app's status letter; undefined where the portal names none. */
	status: string | undefined;
}

export type Rejection = { kind: 'rejected'; code: RejectionCode; reason: string };

/** What is known of a delivery once it has been looked at. */
export type Verification =
	| { kind: 'verified' }
	/** By an access token of the app's only: nothing else that it says of the portal or the person is proven. */
	| { kind: 'verified'; owner: TokenOwner }
	/** It brought our challenge back, and with it the application token. */
	| { kind: 'tokenLearned'; hash: string; challenge: Challenge }
	/** It brought back the challenge of an editor that is listening for a sample. */
	| { kind: 'sample' }
	/** It did so, but with another application token than the credential's: only the app's own portal can have sent it. */
	| { kind: 'tokenMismatch' }
	| Rejection;

/** What is known of a delivery, for whoever does something with it. */
export type Verified =
	/** The event, as an item may show it. */
	| { kind: 'verified' | 'sample'; event: Bitrix24Event }
	/** What was learned, where the trigger receives, and how to reach the portal. */
	| { kind: 'tokenLearned'; learned: LearnedToken; address: string; client: Client }
	| Exclude<Verification, { kind: 'verified' | 'sample' | 'tokenLearned' }>;

/** Verifies that a delivery comes from the portal, and says who caused its event. */
export interface Verifier {
	verify(event: Bitrix24Event): Promise<Verified>;
	userOf(event: Bitrix24Event): Promise<UserFields>;
}

/**
 * Names what is known in place of what was delivered.
 *
 * @param known parts of `auth`, from the credential, from what was learned, or from the portal's answers
 */
export function withKnownAuth(event: Bitrix24Event, known: Partial<Bitrix24Event['auth']>): Bitrix24Event {
	// A delivery that names one of them as a secret must not blank it out.
	const names = Object.values(known);
	const secrets = [...event.secrets].filter((secret) => !names.some((name) => name?.includes(secret)));
	return { ...event, auth: { ...event.auth, ...known }, secrets: new Set(secrets) };
}

/** A delivery that has no valid application token. */
export function rejectToken(reason: string): Rejection {
	return { kind: 'rejected', code: 'INVALID_APPLICATION_TOKEN', reason };
}

// Nothing but a host, as portals deliver it. What a person is forgiven who types an address (line breaks, a path, a name
// before an @) stands in no delivery.
const bareHost = /^[\p{L}\p{M}\p{N}._-]+(?::\d+)?$/u;

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
	const domain = auth.domain ?? '';
	if (host !== null && (!bareHost.test(domain) || comparableHost(domain) !== host)) {
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
