import { z } from 'zod';

import type { Client } from '../api/client';
import type { Challenge } from '../applicationToken/challenge';
import { clockSkewMs, parseChallenge } from '../applicationToken/challenge';
import type { LearnedToken } from '../applicationToken/learnedToken';
import { hashOf, isSameSecret } from '../applicationToken/learnedToken';
import { testEventCode } from '../event/codes';
import type { Bitrix24Event } from '../event/event';
import { isPayloadObject } from '../event/payload';
import type { TokenOwner, Verification } from './verify';
import { rejectToken } from './verify';

/** What a trigger of an OAuth2 app knows, and can find out, about its portal. */
export interface AppTrust {
	memberId: string;
	/** The application token that the user entered, null when it is to be learned. */
	givenToken: string | null;
	learned: Pick<LearnedToken, 'hash'> | null;
	/** Whether a newer token was taught than the learned one: n8n stores what the nodes of a workflow remember together. */
	isOutdated: boolean;
	/** When the challenge was made that taught a token last, be it known still or not; null where none has. */
	taughtAt: number | null;
	/** Whether the editor is listening for a test event. */
	isListening: boolean;
	/** Epoch milliseconds. */
	now: number;
	/** Recognizes a challenge of this trigger's own. */
	readChallenge(value: string): Challenge | null;
	/** Whose access token this is, where the portal itself accepts it for this very app. */
	ownerOf(accessToken: string): Promise<TokenOwner | null>;
	/** Called for a delivery of the portal's that is not proven while the application token is not known. */
	tokenMissing(): void;
}

/**
 * Verifies a delivery to a registered handler. Fails closed: what proves nothing is rejected.
 *
 * The application token proves a delivery. As long as it is not known, only our own challenge that comes back (and then
 * teaches it), or an access token that the portal accepts, does.
 */
export async function verifyApp(event: Bitrix24Event, known: AppTrust): Promise<Verification> {
	const { application_token: token, member_id: memberId, access_token: accessToken } = event.auth;
	if (token === undefined) return rejectToken('it carries no application token');
	if (memberId !== known.memberId) {
		return { kind: 'rejected', code: 'WRONG_PORTAL', reason: 'it comes from another portal than the credential' };
	}
	const value = challengeIn(event);
	const challenge = value === null ? null : known.readChallenge(value);
	const isSample = known.isListening && challenge?.purpose === 'sample';
	if (known.givenToken !== null) {
		if (!isSameSecret(token, hashOf(known.givenToken))) {
			if (isSample) return { kind: 'tokenMismatch' };
			return rejectToken("its application token is not the credential's (reinstalling an app changes it)");
		}
		return isSample ? { kind: 'sample' } : { kind: 'verified' };
	}
	if (isSample) return { kind: 'sample' };
	if (teaches(challenge, known)) return { kind: 'tokenLearned', hash: hashOf(token), challenge };
	if (known.learned !== null && isSameSecret(token, known.learned.hash)) return { kind: 'verified' };
	const isMissing = known.learned === null || known.isOutdated;
	// First, since it is what makes all that follow provable.
	if (isMissing && !known.isListening && event.code !== testEventCode) known.tokenMissing();
	if (known.learned !== null) {
		return rejectToken('its application token is not the one that this app has (reinstalling an app changes it)');
	}
	const owner = accessToken === undefined ? null : await known.ownerOf(accessToken);
	if (owner !== null) return { kind: 'verified', owner };
	return rejectToken('the application token is not known yet, and the event does not prove itself by an access token');
}

function challengeIn({ code, data }: Bitrix24Event): string | null {
	if (code !== testEventCode || !isPayloadObject(data) || !isPayloadObject(data.QUERY)) return null;
	const value = data.QUERY.challenge;
	return typeof value === 'string' ? value : null;
}

/** Whether an event brings back what may be a question of ours that was asked after the token was learned. */
export function mayTeach(event: Bitrix24Event, { taughtAt }: Pick<LearnedToken, 'taughtAt'>, now: number): boolean {
	const value = challengeIn(event);
	const challenge = value === null ? null : parseChallenge(value);
	return teaches(challenge, { isListening: false, taughtAt, now });
}

/** One that is not newer than the one that taught the token teaches nothing any more. */
function teaches(
	challenge: Challenge | null,
	{ isListening, taughtAt, now }: Pick<AppTrust, 'isListening' | 'taughtAt' | 'now'>,
): challenge is Challenge {
	if (isListening || challenge?.purpose !== 'learn') return false;
	if (taughtAt === null || challenge.issuedAt > taughtAt) return true;
	// It was learned while the clock was ahead, and no challenge could be newer for as long as it was.
	return taughtAt > now + clockSkewMs;
}

const timeoutMs = 10_000;

// app.info of another app's token succeeds as well: the app itself has to be the same.
const appSchema = z.object({
	ID: z.union([z.string().min(1), z.number()]).transform(String),
	CODE: z.string().min(1),
	STATUS: z.string().optional().catch(undefined),
});
const profileSchema = z.object({ ID: z.union([z.string().min(1), z.number()]).transform(String) });

/**
 * Asks the credential's portal whose access token an event brings, and whether it is one of this very app (the documented
 * way to check an event whose application token is not known). No address of the delivery is ever called.
 *
 * @param client of the app of the credential
 * @param accessToken as delivered
 * @param cache keeps which app the credential's is
 * @returns null where it proves nothing
 */
export async function ownerOfAccessToken(
	client: Client,
	accessToken: string,
	cache: { get(): string | undefined; set(app: string): void },
): Promise<TokenOwner | null> {
	const asOwner = client.extend({ accessToken, signal: AbortSignal.timeout(timeoutMs) });
	const theirs = await appOf(asOwner);
	if (theirs === null) return null;
	const ours = cache.get() ?? (await appOf(client))?.name;
	if (ours === undefined) return null;
	cache.set(ours);
	if (ours !== theirs.name) return null;
	const profile = await asOwner.tryCall('profile');
	const read = profileSchema.safeParse(profile.ok ? profile.result : null);
	return read.success ? { userId: read.data.ID, status: theirs.status } : null;
}

async function appOf(client: Client): Promise<{ name: string; status: string | undefined } | null> {
	const result = await client.tryCall('app.info');
	const read = appSchema.safeParse(result.ok ? result.result : null);
	if (!read.success) return null;
	const { ID: id, CODE: code, STATUS: status } = read.data;
	return { name: JSON.stringify([id, code]), status };
}
