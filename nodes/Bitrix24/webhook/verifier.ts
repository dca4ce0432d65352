import type { IWebhookFunctions } from 'n8n-workflow';

import type { LearnedToken } from '../applicationToken/learnedToken';
import { claimDailyCheck, isContradicted, isSameSecret, readLearnedToken } from '../applicationToken/learnedToken';
import { parseOutgoingWebhook } from '../connection/outgoingWebhook';
import type { Bitrix24Event } from '../event/event';
import { createLog } from '../n8n/log';
import { clientFor, interactive } from '../n8n/openClient';
import type { TriggerSettings } from '../settings/settings';
import { openAppVerifier } from './appVerifier';
import { lookUpUser, unknownUser } from './userLookup';
import type { Verifier } from './verify';
import { verifyOutgoingWebhook, withKnownAuth } from './verify';
import { mayTeach } from './verifyApp';

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

/**
 * Whether nothing of the credential has to be known to believe a delivery: the node still names the credential that was
 * learned with, and the delivery brings the token and names the portal and the address that were learned.
 */
function provesByLearnedToken(
	context: Pick<IWebhookFunctions, 'getNode' | 'getWorkflow' | 'getMode'>,
	event: Bitrix24Event,
	learned: LearnedToken,
): boolean {
	const { application_token: token, member_id: memberId, client_endpoint: endpoint } = event.auth;
	const { id } = context.getNode().credentials?.bitrix24OAuth2Api ?? {};
	const isOfCredential = typeof id === 'string' && id !== '' && id === learned.credentialId;
	return (
		isOfCredential &&
		token !== undefined &&
		isSameSecret(token, learned.hash) &&
		memberId === learned.memberId &&
		endpoint === learned.restEndpoint &&
		context.getMode() !== 'manual' &&
		!isContradicted(context, learned) &&
		!mayTeach(event, learned, Date.now())
	);
}

/** The verifier of a delivery that the learned token proves: n8n takes longer to read a credential than for all the rest. */
function learnedVerifier(context: IWebhookFunctions, learned: LearnedToken): Verifier {
	const { restEndpoint, serverEndpoint, clientId, memberId } = learned;
	return {
		verify: async (event) => ({
			kind: 'verified',
			event: withKnownAuth(event, { client_endpoint: restEndpoint, server_endpoint: serverEndpoint }),
		}),
		async userOf({ auth }) {
			const portal = { origin: new URL(restEndpoint).origin, clientId, memberId, mismatch: null };
			return await lookUpUser(clientFor(context, portal, interactive), memberId, auth.access_token);
		},
	};
}
