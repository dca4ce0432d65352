import type { CallOptions, Client, Transport } from '../api/client';
import { createClient } from '../api/client';
import { createRateLimiter } from '../api/rateLimiter';
import type { Connection, CredentialContext } from '../connection/oauth2';
import { readConnection } from '../connection/oauth2';
import { processState } from './processState';
import { sleep } from './timing';
import { createTransport } from './transports';

/**
 * For calls that a person, or n8n, waits for. n8n repeats an activation itself, five times with 15 seconds of pauses, and
 * takes down after each what it can. After 84 seconds it gives up, with a message of its own in place of ours: so each of
 * those ten steps has to be done in 6.
 */
export const interactive = { timeoutMs: 5_000, retryBudgetMs: 1_000 } satisfies CallOptions;

/**
 * Opens a client with the node's OAuth2 credential, for calls that somebody waits for. They count for the portal's rate,
 * and do not wait for it.
 *
 * @throws ActionableError when the credential is not connected, or there is none
 */
export async function openClient(context: CredentialContext): Promise<{ connection: Connection; client: Client }> {
	const connection = await readConnection(context);
	return { connection, client: clientFor(context, connection, { ...interactive, waitForRate: false }) };
}

/** Opens a client for a connection. What is the portal's in this process is shared by all of them. */
export function clientFor(context: CredentialContext, connection: Connection, options: CallOptions): Client {
	const { origin, clientId, memberId } = connection;
	const { rateLimiters, portalAddresses } = processState;
	const rateLimiter = rateLimiters.get(memberId) ?? createRateLimiter(Date.now);
	rateLimiters.set(memberId, rateLimiter);
	const key = JSON.stringify([origin, clientId, memberId]);
	return createClient(
		{
			origin,
			send: explainMismatch(createTransport(context), connection),
			sleep,
			now: Date.now,
			rateLimiter,
			movedTo: {
				get: () => portalAddresses.get(key),
				set: (base) => void (base === undefined ? portalAddresses.delete(key) : portalAddresses.set(key, base)),
			},
		},
		options,
	);
}

/** Adds to a refused access what in the credential explains it. */
function explainMismatch(send: Transport, { mismatch }: Connection): Transport {
	return async (...request) => {
		const result = await send(...request);
		if (result.answered || result.failure.code !== 'NO_ACCESS' || mismatch === null) return result;
		return { answered: false, failure: { ...result.failure, mismatch } };
	};
}
