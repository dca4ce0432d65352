import type { IWebhookFunctions } from 'n8n-workflow';

import type { Portal } from '../api/client';
import { askerOf, readChallenge } from '../applicationToken/challenge';
import { readLearnedToken } from '../applicationToken/learnedToken';
import type { Connection } from '../connection/oauth2';
import { readOutgoingWebhook } from '../connection/outgoingWebhook';
import type { Bitrix24Event } from '../event/event';
import { openPortal } from '../n8n/openClient';
import type { TriggerSettings } from '../settings/settings';
import type { Verdict } from './verify';
import { judgeOutgoingWebhook } from './verify';
import { acceptsAccessToken, judgeApp } from './verifyApp';

/** Where deliveries come from, and how to tell that one really does. */
export interface Source {
	judge(event: Bitrix24Event): Promise<Verdict>;
	/** The app behind it, null for an outgoing webhook: that one has no access to the portal. */
	app: { connection: Connection; portal: Portal } | null;
}

/**
 * Prepares the proofs of a delivery from the node's credential.
 *
 * @throws when the credential is missing, broken or not connected
 */
export async function openSource(context: IWebhookFunctions, settings: TriggerSettings): Promise<Source> {
	if (settings.authentication === 'outgoingWebhook') {
		const credential = readOutgoingWebhook(await context.getCredentials('bitrix24OutgoingWebhookApi'));
		return { app: null, judge: async (event) => judgeOutgoingWebhook(event, credential) };
	}
	const app = await openPortal(context);
	const { connection, portal } = app;
	const known = {
		memberId: connection.memberId,
		givenToken: connection.applicationToken,
		learned: readLearnedToken(context.getWorkflowStaticData('node'), connection),
		isListening: context.getMode() === 'manual',
		readChallenge: (value: string) => readChallenge(askerOf(context, connection), value, Date.now()),
		acceptsAccessToken: async (accessToken: string) =>
			await acceptsAccessToken(context.helpers, connection.origin, portal, accessToken),
	};
	return { app, judge: async (event) => await judgeApp(event, known) };
}
