import type { IWebhookFunctions } from 'n8n-workflow';

import type { Client } from '../api/client';
import { challengeScope, readChallenge } from '../applicationToken/challenge';
import { readLearnedToken } from '../applicationToken/learnedToken';
import type { Connection } from '../connection/oauth2';
import { parseOutgoingWebhook } from '../connection/outgoingWebhook';
import type { Bitrix24Event } from '../event/event';
import { openClient } from '../n8n/openClient';
import type { TriggerSettings } from '../settings/settings';
import type { UserFields } from './userLookup';
import { lookUpUser, unknownUser } from './userLookup';
import type { Verification } from './verify';
import { verifyOutgoingWebhook } from './verify';
import { acceptsAccessToken, verifyApp } from './verifyApp';

/** Verifies that a delivery comes from the portal, and says who caused its event. */
export interface Verifier {
	/** What is known of the delivery; with a learned token, whose it is and how to reach the portal. */
	verify(
		event: Bitrix24Event,
	): Promise<
		| Exclude<Verification, { kind: 'tokenLearned' }>
		| (Extract<Verification, { kind: 'tokenLearned' }> & { connection: Connection; client: Client })
	>;
	userOf(event: Bitrix24Event): Promise<UserFields>;
}

/**
 * Makes the verifier of the node's credential.
 *
 * @throws when the credential is missing, broken or not connected
 */
export async function openVerifier(context: IWebhookFunctions, settings: TriggerSettings): Promise<Verifier> {
	if (settings.authentication === 'outgoingWebhook') {
		const credential = parseOutgoingWebhook(await context.getCredentials('bitrix24OutgoingWebhookApi'));
		return {
			verify: async (event) => verifyOutgoingWebhook(event, credential),
			userOf: async () => unknownUser,
		};
	}
	const { connection, client } = await openClient(context);
	const trust = {
		memberId: connection.memberId,
		givenToken: connection.applicationToken,
		learned: readLearnedToken(context.getWorkflowStaticData('node'), connection),
		isListening: context.getMode() === 'manual',
		readChallenge: (value: string) => readChallenge(challengeScope(context, connection), value, Date.now()),
		acceptsAccessToken: async (accessToken: string) => await acceptsAccessToken(client, accessToken),
	};
	return {
		async verify(event) {
			const verification = await verifyApp(event, trust);
			return verification.kind === 'tokenLearned' ? { ...verification, connection, client } : verification;
		},
		userOf: async ({ auth }) => await lookUpUser(client, auth.access_token),
	};
}
