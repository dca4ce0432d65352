import { sleep as n8nSleep } from 'n8n-workflow';

import type { Client, Transport } from '../api/client';
import { createClient } from '../api/client';
import { rateLimiterOf } from '../api/rateLimiter';
import type { Connection, CredentialContext } from '../connection/oauth2';
import { readConnection } from '../connection/oauth2';
import { sleep } from './timing';
import { credentialTransport } from './transports';

// n8n repeats an activation itself, five times with 15 seconds of pauses, and takes down after each what it can. After 84
// seconds it gives up, with a message of its own in place of ours: so each of those ten steps has to be done in 6.
const interactiveRetryBudgetMs = 1_000;
const interactiveTimeoutMs = 5_000;

const backgroundTimeoutMs = 20_000;

/**
 * Opens the portal of the node's OAuth2 credential, for work that somebody waits for.
 *
 * @param context n8n's context of the node
 * @throws Refusal when the credential is not connected, or there is none
 */
export async function openClient(context: CredentialContext): Promise<{ connection: Connection; portal: Client }> {
	const connection = await readConnection(context);
	const { origin } = connection;
	const rateLimiter = rateLimiterOf(origin);
	return {
		connection,
		portal: createClient({
			origin,
			transport: explainMismatch(credentialTransport(context, { timeout: interactiveTimeoutMs }), connection),
			sleep: n8nSleep,
			now: Date.now,
			maxRetries: 5,
			retryBudgetMs: interactiveRetryBudgetMs,
			beforeRequest: () => rateLimiter.count(),
		}),
	};
}

/**
 * Opens the portal for work in the background, which keeps within the portal's rate and ends with its node.
 *
 * @param signal ends every wait and, where `endsRequests`, requests under way
 * @param interactive whether to be as impatient as while somebody waits for it
 * @param retryUnanswered whether a call that nobody answered is repeated, though it may have been heard
 */
export function openBackgroundClient(
	context: CredentialContext,
	connection: Connection,
	{
		signal,
		endsRequests,
		interactive = false,
		retryUnanswered = true,
	}: { signal: AbortSignal; endsRequests: boolean; interactive?: boolean; retryUnanswered?: boolean },
): Client {
	const { origin } = connection;
	const rateLimiter = rateLimiterOf(origin);
	const rest = async (milliseconds: number) => await sleep(milliseconds, signal);
	const transport = credentialTransport(context, {
		timeout: interactive ? interactiveTimeoutMs : backgroundTimeoutMs,
		...(endsRequests ? { abortSignal: signal } : {}),
	});
	return createClient({
		origin,
		transport: explainMismatch(transport, connection),
		sleep: rest,
		now: Date.now,
		maxRetries: 5,
		...(interactive ? { retryBudgetMs: interactiveRetryBudgetMs } : {}),
		...(retryUnanswered ? {} : { retryBudgetMs: 0 }),
		beforeRequest: async () => await rateLimiter.wait(rest),
	});
}

/**
 * Adds to a refused access what in the credential explains it.
 *
 * @param transport sends requests with the credential
 * @param connection what the credential says
 */
export function explainMismatch(transport: Transport, connection: Pick<Connection, 'mismatch'>): Transport {
	return async (url, parameters) => {
		const result = await transport(url, parameters);
		if (result.answered || result.failure.code !== 'NO_ACCESS') return result;
		const { mismatch } = connection;
		if (mismatch === null) return result;
		return { answered: false, failure: { ...result.failure, mismatch } };
	};
}
