import type { IDataObject } from 'n8n-workflow';
import { hash as digest, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

import type { Connection } from '../connection/oauth2';

const learnedTokenSchema = z.object({
	hash: z.string().regex(/^[0-9a-f]{64}$/),
	taughtAt: z.number(),
	clientId: z.string(),
	memberId: z.string(),
});

/** An application token that the portal has taught. Only its hash is kept. */
export interface LearnedToken {
	/** SHA-256 of the token, hexadecimal. */
	hash: string;
	/** When the challenge was made that taught it, in epoch milliseconds: an older one teaches nothing any more. */
	taughtAt: number;
}

/**
 * What an earlier delivery has taught, for this app on this portal.
 *
 * @param staticData the node's static data
 * @returns null when nothing is learned yet, or for another app or portal
 */
export function readLearnedToken(staticData: IDataObject, connection: Connection): LearnedToken | null {
	const read = learnedTokenSchema.safeParse(staticData.applicationToken);
	if (!read.success) return null;
	const { hash, taughtAt, clientId, memberId } = read.data;
	return clientId === connection.clientId && memberId === connection.memberId ? { hash, taughtAt } : null;
}

/** Keeps what a delivery has taught. */
export function storeLearnedToken(
	staticData: IDataObject,
	{ clientId, memberId }: Connection,
	{ hash, taughtAt }: LearnedToken,
): void {
	staticData.applicationToken = { hash, taughtAt, clientId, memberId };
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
