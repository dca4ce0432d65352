import type { IWebhookFunctions } from 'n8n-workflow';

import { claimDailyCheck } from '../applicationToken/dailyCheck';
import { readLearnedToken } from '../applicationToken/learnedToken';
import { parseOutgoingWebhook } from '../connection/outgoingWebhook';
import type { Bitrix24Event } from '../event/event';
import { createLog } from '../n8n/log';
import type { TriggerSettings } from '../settings/settings';
import { openAppVerifier } from './appVerifier';
import { learnedVerifier, provesByLearnedToken } from './learnedVerifier';
import { unknownUser } from './userLookup';
import type { Verifier } from './verify';
import { verifyOutgoingWebhook } from './verify';

/**
 * Makes the verifier of a delivery: of the node's credential, or of the learned token alone where that proves it.
 *
 * @throws when the credential is needed, and is missing, broken or not connected
 */
export async function openVerifier(
	context: IWebhookFunctions,
	settings: TriggerSettings,
	event: Bitrix24Event,
): Promise<Verifier> {
	if (settings.authentication === 'outgoingWebhook') return await openOutgoingWebhookVerifier(context);
	const learned = readLearnedToken(context.getWorkflowStaticData('node'));
	if (learned === null || !provesByLearnedToken(context, event, learned)) {
		return await openAppVerifier(context, learned, false);
	}
	const byToken = learnedVerifier(context, learned);
	if (!claimDailyCheck(context, Date.now())) return byToken;
	return await openAppVerifier(context, learned, true).catch(() => {
		createLog(context).warn(
			'its credential is missing, or of no use. The application token that it has learned counts all the same. Open the node, and choose or connect its credential.',
		);
		return byToken;
	});
}

async function openOutgoingWebhookVerifier(context: IWebhookFunctions): Promise<Verifier> {
	const credential = parseOutgoingWebhook(await context.getCredentials('bitrix24OutgoingWebhookApi'));
	return {
		async verify(event) {
			const verification = verifyOutgoingWebhook(event, credential);
			return verification.kind === 'verified' ? { kind: 'verified', event } : verification;
		},
		userOf: async () => unknownUser,
	};
}
