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
	/** Milliseconds since 1970. */
	issuedAt: number;
}

const lifetimeMs = 10 * 60_000;
// Another process of the same n8n may receive it, on a machine whose clock is a little behind.
const clockSkewMs = 60_000;
const challengePattern = /^(learn|sample)\.(\d{13})\.([0-9a-f]{32})\.([0-9a-f]{64})$/;

/**
 * Makes a value for `event.test` that only this trigger can have made. The portal sends it back in a delivery, which
 * thereby proves that it comes from the portal, and that its application token is the right one.
 *
 * @param issuedAt epoch milliseconds
 * @param nonce 32 random hexadecimal characters
 */
export function makeChallenge(scope: ChallengeScope, purpose: Purpose, issuedAt: number, nonce: string): string {
	return `${purpose}.${issuedAt}.${nonce}.${sign(scope, purpose, String(issuedAt), nonce).toString('hex')}`;
}

/**
 * Recognizes a challenge of this trigger's own, for ten minutes.
 *
 * @param value whatever a delivery carries
 * @param now epoch milliseconds
 * @returns null when this trigger has not made it, or too long ago
 */
export function readChallenge(scope: ChallengeScope, value: string, now: number): Challenge | null {
	const [, purpose, issued, nonce, signature] = challengePattern.exec(value) ?? [];
	if ((purpose !== 'learn' && purpose !== 'sample') || !issued || !nonce || !signature) return null;
	if (!timingSafeEqual(sign(scope, purpose, issued, nonce), Buffer.from(signature, 'hex'))) return null;
	const issuedAt = Number(issued);
	const age = now - issuedAt;
	return age <= lifetimeMs && age >= -clockSkewMs ? { purpose, issuedAt } : null;
}

function sign({ clientSecret, memberId, workflowId, nodeId }: ChallengeScope, ...parts: string[]): Buffer {
	const message = JSON.stringify(['n8n-nodes-bitrix24', memberId, workflowId, nodeId, ...parts]);
	return createHmac('sha256', clientSecret).update(message).digest();
}

/** Names the trigger for its challenges, in the same words when it asks and when the answer comes. */
export function challengeScope(
	context: Pick<IWebhookFunctions, 'getWorkflow' | 'getNode'>,
	{ clientSecret, memberId }: Connection,
): ChallengeScope {
	return { clientSecret, memberId, workflowId: context.getWorkflow().id ?? '', nodeId: context.getNode().id };
}
