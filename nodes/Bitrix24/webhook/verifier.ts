import type { IWebhookFunctions } from 'n8n-workflow';

import type { Client } from '../api/client';
import { challengeScope, readChallenge } from '../applicationToken/challenge';
import { readLearnedToken } from '../applicationToken/learnedToken';
import type { Connection } from '../connection/oauth2';
import { parseOutgoingWebhook } from '../connection/outgoingWebhook';
import type { Bitrix24Event } from '../event/event';
import { openClient } from '../n8n/openClient';
import type { TriggerSettings } from '../settings/settings';
import type { Verification } from './verify';
import { verifyOutgoingWebhook } from './verify';
import { acceptsAccessToken, verifyApp } from './verifyApp';

/** Where deliveries come from, and how to tell that one really does. */
export interface Verifier {
	verify(event: Bitrix24Event): Promise<Verification>;
	/** The app behind it, null for an outgoing webhook: that one has no access to the portal. */
	app: { connection: Connection; portal: Client } | null;
}

/**
 * Prepares the proofs of a delivery from the node's credential.
 *
 * @throws when the credential is missing, broken or not connected
 */
export async function openVerifier(context: IWebhookFunctions, settings: TriggerSettings): Promise<Verifier> {
	if (settings.authentication === 'outgoingWebhook') {
		const credential = parseOutgoingWebhook(await context.getCredentials('bitrix24OutgoingWebhookApi'));
		return { app: null, verify: async (event) => verifyOutgoingWebhook(event, credential) };
	}
	const app = await openClient(context);
	const { connection, portal: client } = app;
	const known = {
		memberId: connection.memberId,
		givenToken: connection.applicationToken,
		learned: readLearnedToken(context.getWorkflowStaticData('node'), connection),
		isListening: context.getMode() === 'manual',
		readChallenge: (value: string) => readChallenge(challengeScope(context, connection), value, Date.now()),
		acceptsAccessToken: async (accessToken: string) =>
			await acceptsAccessToken(context.helpers, connection.origin, client, accessToken),
	};
	return { app, verify: async (event) => await verifyApp(event, known) };
}
