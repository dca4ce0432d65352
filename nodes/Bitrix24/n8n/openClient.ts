import { sleep } from 'n8n-workflow';

import type { Portal, Transport } from '../api/client';
import { createPortal } from '../api/client';
import { paceOf } from '../api/rateLimiter';
import type { Connection, CredentialContext } from '../connection/oauth2';
import { readConnection } from '../connection/oauth2';
import { pause } from './timing';
import { credentialTransport } from './transports';

// n8n repeats an activation itself, five times with 15 seconds of pauses, and takes down after each what it can. After 84
// seconds it gives up, with a message of its own in place of ours: so each of those ten steps has to be done in 6.
const patience = 1_000;
const timeoutWhileSomebodyWaits = 5_000;

const timeoutInBackground = 20_000;

/**
 * Opens the portal of the node's OAuth2 credential, for work that somebody waits for.
 *
 * @param context n8n's context of the node
 * @throws Refusal when the credential is not connected, or there is none
 */
export async function openPortal(context: CredentialContext): Promise<{ connection: Connection; portal: Portal }> {
	const connection = await readConnection(context);
	const { origin } = connection;
	const pace = paceOf(origin);
	return {
		connection,
		portal: createPortal({
			origin,
			transport: explaining(credentialTransport(context, { timeout: timeoutWhileSomebodyWaits }), connection),
			sleep,
			now: Date.now,
			repeats: 5,
			patience,
			beforeRequest: () => pace.spend(),
		}),
	};
}

/**
 * Opens the portal for work in the background, which keeps within the portal's rate and ends with its node.
 *
 * @param signal ends every wait and, where `endsRequests`, requests under way
 * @param somebodyWaits whether to be as impatient as while somebody waits for it
 * @param asksAgain whether a call that nobody answered is repeated, though it may have been heard
 */
export function openBackgroundPortal(
	context: CredentialContext,
	connection: Connection,
	{
		signal,
		endsRequests,
		somebodyWaits = false,
		asksAgain = true,
	}: { signal: AbortSignal; endsRequests: boolean; somebodyWaits?: boolean; asksAgain?: boolean },
): Portal {
	const { origin } = connection;
	const pace = paceOf(origin);
	const rest = async (milliseconds: number) => await pause(milliseconds, signal);
	const transport = credentialTransport(context, {
		timeout: somebodyWaits ? timeoutWhileSomebodyWaits : timeoutInBackground,
		...(endsRequests ? { abortSignal: signal } : {}),
	});
	return createPortal({
		origin,
		transport: explaining(transport, connection),
		sleep: rest,
		now: Date.now,
		repeats: 5,
		...(somebodyWaits ? { patience } : {}),
		...(asksAgain ? {} : { patience: 0 }),
		beforeRequest: async () => await pace.wait(rest),
	});
}

/**
 * Adds to a refused access what in the credential explains it.
 *
 * @param transport sends requests with the credential
 * @param connection what the credential says
 */
export function explaining(transport: Transport, connection: Pick<Connection, 'contradiction'>): Transport {
	return async (url, parameters) => {
		const reply = await transport(url, parameters);
		if (reply.answered || reply.failure.code !== 'NO_ACCESS') return reply;
		const { contradiction } = connection;
		if (contradiction === null) return reply;
		return { answered: false, failure: { ...reply.failure, contradiction } };
	};
}
