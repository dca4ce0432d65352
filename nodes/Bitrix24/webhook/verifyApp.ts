import { z } from 'zod';

import type { Client } from '../api/client';
import type { Challenge } from '../applicationToken/challenge';
import type { LearnedToken } from '../applicationToken/learnedToken';
import { hashOf, isSameSecret } from '../applicationToken/learnedToken';
import { testEventCode } from '../event/codes';
import type { Bitrix24Event } from '../event/event';
import { isPayloadObject } from '../event/payload';
import type { Verification } from './verify';
import { rejectToken } from './verify';

/** What a trigger of an OAuth2 app knows, and can find out, about its portal. */
export interface AppTrust {
	memberId: string;
	/** The application token that the user entered, null when it is to be learned. */
	givenToken: string | null;
	learned: LearnedToken | null;
	/** Whether the editor is listening for a test event. */
	isListening: boolean;
	/** Recognizes a challenge of this trigger's own. */
	readChallenge(value: string): Challenge | null;
	/** Whether the portal itself accepts this access token for this very app. */
	acceptsAccessToken(accessToken: string): Promise<boolean>;
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
	const challenge = challengeOf(event, known);
	const isSample = known.isListening && challenge?.purpose === 'sample';
	if (known.givenToken !== null) {
		if (!isSameSecret(token, hashOf(known.givenToken))) {
			if (isSample) return { kind: 'tokenMismatch' };
			return rejectToken("its application token is not the credential's (reinstalling an app changes it)");
		}
		return { kind: isSample ? 'sample' : 'verified' };
	}
	if (isSample) return { kind: 'sample' };
	if (teaches(challenge, known)) return { kind: 'tokenLearned', hash: hashOf(token), taughtAt: challenge.issuedAt };
	if (known.learned !== null) {
		if (isSameSecret(token, known.learned.hash)) return { kind: 'verified' };
		return rejectToken('its application token is not the one that this app has (reinstalling an app changes it)');
	}
	if (accessToken !== undefined && (await known.acceptsAccessToken(accessToken))) return { kind: 'verified' };
	return rejectToken('the application token is not known yet, and the event does not prove itself by an access token');
}

function challengeOf({ code, data }: Bitrix24Event, { readChallenge }: AppTrust): Challenge | null {
	if (code !== testEventCode || !isPayloadObject(data) || !isPayloadObject(data.QUERY)) return null;
	const value = data.QUERY.challenge;
	return typeof value === 'string' ? readChallenge(value) : null;
}

/** One that is not newer than the one that taught the token teaches nothing any more. */
function teaches(challenge: Challenge | null, { isListening, learned }: AppTrust): challenge is Challenge {
	if (isListening || challenge?.purpose !== 'learn') return false;
	return learned === null || challenge.issuedAt > learned.taughtAt;
}

const timeoutMs = 10_000;

// app.info of another app's token succeeds as well: the app itself has to be the same.
const appSchema = z.object({ ID: z.union([z.string().min(1), z.number()]).transform(String), CODE: z.string().min(1) });

/**
 * Asks the credential's portal whether an event's access token is one of this very app (the documented way to check an
 * event whose application token is not known). No address of the delivery is ever called.
 *
 * @param client of the app of the credential
 * @param accessToken as delivered
 */
export async function acceptsAccessToken(client: Client, accessToken: string): Promise<boolean> {
	const theirs = await appOf(client.extend({ accessToken, signal: AbortSignal.timeout(timeoutMs), maxRetries: 2 }));
	if (theirs === null) return false;
	const ours = await appOf(client);
	return ours !== null && ours.ID === theirs.ID && ours.CODE === theirs.CODE;
}

async function appOf(client: Client): Promise<z.infer<typeof appSchema> | null> {
	const result = await client.tryCall('app.info');
	const read = appSchema.safeParse(result.ok ? result.result : null);
	return read.success ? read.data : null;
}
