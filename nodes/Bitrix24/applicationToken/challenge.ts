import type { IWebhookFunctions } from 'n8n-workflow';
import { createHmac, timingSafeEqual } from 'node:crypto';

import type { Connection } from '../connection/oauth2';

/** What a test event is sent for: to learn the application token, or to show a sample in the editor. */
export type Purpose = 'learn' | 'sample';

/** Which trigger asks. Everything in it is known again when the answer comes, so nothing has to be stored. */
export interface ChallengeScope {
	/** The key: nobody without the app's client secret can make a challenge. */
	clientSecret: string;
	memberId: string;
	workflowId: string;
	nodeId: string;
}

/** A challenge of ours that came back. */
export interface Challenge {
	purpose: Purpose;
	/** Epoch milliseconds. */
	issuedAt: number;
	/** The URL at which the trigger receives: the process that gets the answer may not know it. */
	address: string;
}

const lifetimeMs = 10 * 60_000;
// Another process of the same n8n may receive it, on a machine whose clock is a little behind.
export const clockSkewMs = 60_000;
const challengePattern = /^(learn|sample)\.(\d{13})\.([0-9a-f]{32})\.([\w-]*)\.([0-9a-f]{64})$/;

/**
 * Makes a value for `event.test` that only this trigger can have made. The portal sends it back in a delivery, which
 * thereby proves that it comes from the portal, and that its application token is the right one.
 *
 * @param nonce 32 random hexadecimal characters
 */
export function makeChallenge(scope: ChallengeScope, { purpose, issuedAt, address }: Challenge, nonce: string): string {
	const parts = [purpose, String(issuedAt), nonce, Buffer.from(address).toString('base64url')];
	return [...parts, sign(scope, ...parts).toString('hex')].join('.');
}

/**
 * Recognizes a challenge of this trigger's own, for ten minutes.
 *
 * @param value whatever a delivery carries
 * @param now epoch milliseconds
 * @returns null when this trigger has not made it, or too long ago
 */
export function readChallenge(scope: ChallengeScope, value: string, now: number): Challenge | null {
	const read = parseChallenge(value);
	if (read === null || !timingSafeEqual(sign(scope, ...read.signed), Buffer.from(read.signature, 'hex'))) return null;
	const { purpose, issuedAt, address } = read;
	const age = now - issuedAt;
	return age <= lifetimeMs && age >= -clockSkewMs ? { purpose, issuedAt, address } : null;
}

/** Reads what has the form of a challenge, whoever has made it. */
export function parseChallenge(value: string): (Challenge & { signed: string[]; signature: string }) | null {
	const [, purpose, issued, nonce, address, signature] = challengePattern.exec(value) ?? [];
	if ((purpose !== 'learn' && purpose !== 'sample') || !issued || !nonce || address === undefined || !signature) {
		return null;
	}
	return {
		purpose,
		issuedAt: Number(issued),
		address: Buffer.from(address, 'base64url').toString(),
		signed: [purpose, issued, nonce, address],
		signature,
	};
}

function sign({ clientSecret, memberId, workflowId, nodeId }: ChallengeScope, ...parts: string[]): Buffer {
	const message = JSON.stringify(['n8n-nodes-bitrix24-triggers', memberId, workflowId, nodeId, ...parts]);
	return createHmac('sha256', clientSecret).update(message).digest();
}

/** Names the trigger for its challenges, in the same words when it asks and when the answer comes. */
export function challengeScope(
	context: Pick<IWebhookFunctions, 'getWorkflow' | 'getNode'>,
	{ clientSecret, memberId }: Connection,
): ChallengeScope {
	return { clientSecret, memberId, workflowId: context.getWorkflow().id ?? '', nodeId: context.getNode().id };
}
