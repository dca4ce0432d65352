import type { IWebhookFunctions } from 'n8n-workflow';

import type { Client } from '../api/client';
import type { RequestBudget } from '../api/requestBudget';
import { createRequestBudget } from '../api/requestBudget';
import { challengeScope, readChallenge } from '../applicationToken/challenge';
import type { LearnedToken } from '../applicationToken/learnedToken';
import { claimDailyCheck, compareWithCredential, isLearnedFor } from '../applicationToken/learnedToken';
import { askAgain, mayAskAgain, tokenWatchOf } from '../applicationToken/question';
import type { Connection } from '../connection/oauth2';
import { connectionKey, findEndpoint, knownEndpoint, openClient } from '../n8n/openClient';
import { processState, triggerKey } from '../n8n/processState';
import { rememberedAddress } from '../subscription/addresses';
import { lookUpUser } from './userLookup';
import type { TokenOwner, Verifier } from './verify';
import { withKnownAuth } from './verify';
import { ownerOfAccessToken, verifyApp } from './verifyApp';

/**
 * Makes the verifier of an app's credential.
 *
 * @param stored what was learned, for whichever app
 * @param isDaily whether this is the one delivery a day that is judged so although the learned token proves it
 * @throws when the credential is missing, broken or not connected
 */
export async function openAppVerifier(
	context: IWebhookFunctions,
	stored: LearnedToken | null,
	isDaily: boolean,
): Promise<Verifier> {
	const { connection, client } = await openClient(context);
	if (stored !== null) compareWithCredential(context, stored, connection);
	const isListening = context.getMode() === 'manual';
	const learned = stored !== null && isLearnedFor(stored, connection) ? stored : null;
	const trust = {
		memberId: connection.memberId,
		givenToken: connection.applicationToken,
		learned,
		taughtAt: learned?.taughtAt ?? tokenWatchOf(context).taughtAt ?? null,
		isListening,
		now: Date.now(),
		readChallenge: (value: string) => readChallenge(challengeScope(context, connection), value, Date.now()),
		ownerOf: async (accessToken: string) => await ownerOf(client, connection, accessToken),
		isOutdated: learned !== null && learned.taughtAt < (tokenWatchOf(context).taughtAt ?? 0),
		tokenMissing: () => askWhereAllowed(context, client, connection),
	};
	return {
		async verify(event) {
			const verification = await verifyApp(event, trust);
			if (verification.kind === 'tokenLearned') {
				// It was judged by the credential, and a call follows.
				claimDailyCheck(context, Date.now());
				const { hash, challenge } = verification;
				tokenWatchOf(context).taughtAt = challenge.issuedAt;
				const lesson = { hash, taughtAt: challenge.issuedAt, ...knownOf(context, connection) };
				return { kind: 'tokenLearned', learned: lesson, address: challenge.address, client };
			}
			if (verification.kind !== 'verified' && verification.kind !== 'sample') return verification;
			if ('owner' in verification) {
				const { access_token } = event.auth;
				const proven = { ...event, auth: { access_token } };
				return { kind: 'verified', event: withKnownAuth(proven, provenBy(verification.owner, connection)) };
			}
			if (!isListening && (isDaily || claimDailyCheck(context, Date.now()))) keepAlive(client);
			const restEndpoint = await findEndpoint(client, connection, event.auth.client_endpoint);
			const portal = { client_endpoint: restEndpoint, server_endpoint: connection.serverEndpoint };
			return { kind: verification.kind, event: withKnownAuth(event, portal) };
		},
		userOf: async ({ auth }) => await lookUpUser(client, connection.memberId, auth.access_token),
	};
}

function knownOf(context: IWebhookFunctions, connection: Connection): Omit<LearnedToken, 'hash' | 'taughtAt'> {
	const { clientId, memberId, serverEndpoint } = connection;
	const credentialId = context.getNode().credentials?.bitrix24OAuth2Api?.id ?? '';
	return { credentialId, clientId, memberId, restEndpoint: knownEndpoint(connection), serverEndpoint };
}

/** Of an event that an access token proves, neither the portal nor the person is what the delivery says. */
function provenBy({ userId, status }: TokenOwner, connection: Connection) {
	// The portal was asked a moment ago, wherever it is now.
	const restEndpoint = knownEndpoint(connection);
	return {
		domain: new URL(restEndpoint).host,
		member_id: connection.memberId,
		client_endpoint: restEndpoint,
		server_endpoint: connection.serverEndpoint,
		status: status ?? connection.status,
		user_id: userId,
	};
}

/** A connection that is not used for 180 days is no connection any more, and nothing else may use it. */
function keepAlive(client: Client): void {
	void client.extend({ spareRateWithinMs: 60_000 }).tryCall('app.info');
}

// Deliveries that prove nothing yet go last: the queue and its acknowledgements need the portal's rate more.
const spareRateWithinMs = 5_000;

async function ownerOf(client: Client, connection: Connection, accessToken: string): Promise<TokenOwner | null> {
	const budget = budgetOf(connection);
	const key = connectionKey(connection);
	const { apps } = processState;
	return await ownerOfAccessToken(
		client.extend({ maxRetries: 2, spareRateWithinMs, admit: () => budget.take() }),
		accessToken,
		{ get: () => apps.get(key), set: (app) => void apps.set(key, app) },
	);
}

function askWhereAllowed(context: IWebhookFunctions, client: Client, connection: Connection): void {
	// A webhook process may have no public address of its own.
	const address =
		rememberedAddress(context, context.getWorkflowStaticData('node')) ?? context.getNodeWebhookUrl('default');
	if (address === undefined || !mayAskAgain(context, Date.now())) return;
	if (!budgetOf(connection).take(triggerKey(context))) return;
	const asking = client.extend({ maxRetries: 0, spareRateWithinMs: 60_000 });
	askAgain(context, asking, connection, address);
}

function budgetOf({ memberId }: Connection): RequestBudget {
	const { requestBudgets } = processState;
	const budget = requestBudgets.get(memberId) ?? createRequestBudget(Date.now);
	requestBudgets.set(memberId, budget);
	return budget;
}
