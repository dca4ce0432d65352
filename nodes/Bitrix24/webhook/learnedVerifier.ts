import type { IWebhookFunctions } from 'n8n-workflow';

import { isContradicted } from '../applicationToken/dailyCheck';
import type { LearnedToken } from '../applicationToken/learnedToken';
import { isSameSecret } from '../applicationToken/learnedToken';
import type { Bitrix24Event } from '../event/event';
import { clientFor, interactive } from '../n8n/openClient';
import { lookUpUser } from './userLookup';
import type { Verifier } from './verify';
import { withKnownAuth } from './verify';
import { mayTeach } from './verifyApp';

/**
 * Whether nothing of the credential has to be known to believe a delivery: the node still names the credential that was
 * learned with, and the delivery brings the token and names the portal and the address that were learned.
 */
export function provesByLearnedToken(
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
export function learnedVerifier(context: IWebhookFunctions, learned: LearnedToken): Verifier {
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
