import type { IDataObject } from 'n8n-workflow';
import { hash as digest, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

import type { Connection } from '../connection/oauth2';
import type { TriggerContext } from '../n8n/processState';
import { isWithin } from '../n8n/timing';
import { tokenWatchOf } from './question';

const learnedTokenSchema = z.object({
	hash: z.string().regex(/^[0-9a-f]{64}$/),
	taughtAt: z.number(),
	clientId: z.string(),
	memberId: z.string(),
	// What an earlier version has not stored: its tokens count, and each delivery is judged by the credential as well.
	credentialId: z.string().catch(''),
	restEndpoint: z.string().catch(''),
	serverEndpoint: z.string().catch(''),
});

/** An application token that the portal has taught, of which only the hash is kept, and what was known then. */
export interface LearnedToken {
	/** SHA-256 of the token, hexadecimal. */
	hash: string;
	/** When the challenge was made that taught it, in epoch milliseconds: an older one teaches nothing any more. */
	taughtAt: number;
	/** n8n's id of the credential; empty where it had none. */
	credentialId: string;
	clientId: string;
	memberId: string;
	/** The portal's addresses, from the credential and from the portal's answers. */
	restEndpoint: string;
	serverEndpoint: string;
}

/**
 * What an earlier delivery has taught.
 *
 * @param staticData the node's static data
 * @returns null when nothing is learned yet
 */
export function readLearnedToken(staticData: IDataObject): LearnedToken | null {
	const read = learnedTokenSchema.safeParse(staticData.applicationToken);
	return read.success ? read.data : null;
}

/** Whether a token was learned for the app, and on the portal, of a credential. */
export function isLearnedFor(
	{ clientId, memberId }: LearnedToken,
	connection: Pick<Connection, 'clientId' | 'memberId'>,
): boolean {
	return clientId === connection.clientId && memberId === connection.memberId;
}

/** Keeps what a delivery has taught. */
export function storeLearnedToken(staticData: IDataObject, learned: LearnedToken): void {
	staticData.applicationToken = { ...learned };
}

/** Forgets it: from now on only the credential's token counts, or one that is learned anew. */
export function forgetLearnedToken(staticData: IDataObject): void {
	// n8n takes a deletion for a change even where nothing is deleted, and saves the whole workflow's data then.
	if (staticData.applicationToken !== undefined) delete staticData.applicationToken;
}

/** SHA-256 of a text, hexadecimal. */
export function hashOf(secret: string): string {
	return digest('sha256', secret);
}

/**
 * Compares secrets by their hashes, so that the time it takes does not show how much of a guess is right.
 *
 * @param candidate what was delivered, of any length
 * @param hash the right secret's hash, from `hashOf`
 */
export function isSameSecret(candidate: string, hash: string): boolean {
	return timingSafeEqual(digest('sha256', candidate, 'buffer'), Buffer.from(hash, 'hex'));
}

const dayMs = 24 * 60 * 60_000;

/**
 * Claims the one delivery a day that is judged by the credential as well, in this process: others that come while it is
 * being judged are not.
 */
export function claimDailyCheck(context: TriggerContext, now: number): boolean {
	const watch = tokenWatchOf(context);
	if (isWithin(watch.checkedAt, dayMs, now)) return false;
	watch.checkedAt = now;
	return true;
}

/** Whether the credential was found to say otherwise than what was learned: another app, portal or token. */
export function isContradicted(context: TriggerContext, { hash }: LearnedToken): boolean {
	return tokenWatchOf(context).contradicted === hash;
}

/** Keeps in mind what the credential says of a learned token. A delivery stores nothing. */
export function compareWithCredential(context: TriggerContext, learned: LearnedToken, connection: Connection): void {
	const { applicationToken } = connection;
	const agrees =
		isLearnedFor(learned, connection) && (applicationToken === null || isSameSecret(applicationToken, learned.hash));
	const watch = tokenWatchOf(context);
	if (!agrees) watch.contradicted = learned.hash;
	else delete watch.contradicted;
}
