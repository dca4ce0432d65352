import type { ChallengeScope, Purpose } from '../../nodes/Bitrix24/applicationToken/challenge.js';
import { makeChallenge } from '../../nodes/Bitrix24/applicationToken/challenge.js';
import { connectedApp } from './credentials.mjs';
import { productionUrl } from './webhookContext.mjs';

/** The trigger that webhookContext and hookContext stand for. */
export const ourTrigger: ChallengeScope = {
	clientSecret: connectedApp.clientSecret,
	memberId: connectedApp.oauthTokenData.member_id,
	workflowId: 'workflow-1',
	nodeId: 'node-1',
};

/** A challenge as this trigger makes it, or another one. */
export function challengeOf(purpose: Purpose, issuedAt = Date.now(), changes: Partial<ChallengeScope> = {}): string {
	const challenge = { purpose, issuedAt, address: productionUrl };
	return makeChallenge({ ...ourTrigger, ...changes }, challenge, '0123456789abcdef'.repeat(2));
}
