import type { CallOptions, Client, Transport } from '../api/client';
import { createClient } from '../api/client';
import { createRateLimiter } from '../api/rateLimiter';
import type { Connection, CredentialContext } from '../connection/oauth2';
import { readConnection } from '../connection/oauth2';
import { parseUrl } from '../connection/portalUrl';
import { processState } from './processState';
import { isWithin, sleep } from './timing';
import { createTransport } from './transports';

/**
 * For calls that a person, or n8n, waits for. n8n repeats an activation itself, five times with 15 seconds of pauses, and
 * takes down after each what it can. After 84 seconds it gives up, with a message of its own in place of ours: so each of
 * those ten steps has to be done in 6.
 */
export const interactive = { timeoutMs: 5_000, retryBudgetMs: 1_000 } satisfies CallOptions;

/**
 * Opens a client with the node's OAuth2 credential, for calls that somebody waits for.
 *
 * @throws ActionableError when the credential is not connected, or there is none
 */
export async function openClient(context: CredentialContext): Promise<{ connection: Connection; client: Client }> {
	const connection = await readConnection(context);
	return { connection, client: clientFor(context, connection, interactive) };
}

type AppOnPortal = Pick<Connection, 'origin' | 'clientId' | 'memberId'>;

/**
 * Opens a client for a connection. What is the portal's in this process is shared by all of them.
 *
 * @param connection an app on its portal; the credential itself is read where a call is made with it
 */
export function clientFor(
	context: Pick<CredentialContext, 'helpers'>,
	connection: AppOnPortal & Pick<Connection, 'mismatch'>,
	options: CallOptions,
): Client {
	const { origin, memberId } = connection;
	const { rateLimiters, portalAddresses } = processState;
	const rateLimiter = rateLimiters.get(memberId) ?? createRateLimiter(Date.now);
	rateLimiters.set(memberId, rateLimiter);
	const key = connectionKey(connection);
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

/** Names an app on its portal, as its credential does, in what this process remembers. */
export function connectionKey({ origin, clientId, memberId }: AppOnPortal): string {
	return JSON.stringify([origin, clientId, memberId]);
}

/** Where a portal's REST is, as far as this process knows: where it was found last, else as the credential says. */
export function knownEndpoint(connection: AppOnPortal & Pick<Connection, 'endpoint'>): string {
	const { origin, endpoint } = connection;
	const named = endpoint !== null && parseUrl(endpoint) !== null ? endpoint : `${origin}/rest/`;
	return processState.portalAddresses.get(connectionKey(connection)) ?? named;
}

// What one delivery may wait for, and how often deliveries may ask.
const lookUpMs = 5_000;
const lookUpEveryMs = 10 * 60_000;

/**
 * Where a portal's REST is, looked up where somebody names another address than the known one: not there, but by where
 * the credential's address leads. At most once in ten minutes; the known one stands while that fails.
 *
 * @param named by the delivery
 */
export async function findEndpoint(
	client: Client,
	connection: AppOnPortal & Pick<Connection, 'endpoint'>,
	named: string | undefined,
): Promise<string> {
	const known = knownEndpoint(connection);
	const { portalAddresses, addressLookUps } = processState;
	const key = connectionKey(connection);
	if (isSameAddress(named, known) || isWithin(addressLookUps.get(key), lookUpEveryMs, Date.now())) return known;
	addressLookUps.set(key, Date.now());
	const found = await client
		.extend({ maxRetries: 0, spareRateWithinMs: lookUpMs, signal: AbortSignal.timeout(lookUpMs) })
		.tryCall('app.info');
	if (!found.ok) return known;
	const endpoint = portalAddresses.get(key) ?? `${connection.origin}/rest/`;
	portalAddresses.set(key, endpoint);
	return endpoint;
}

function isSameAddress(named: string | undefined, known: string): boolean {
	// One that names none names no other.
	return named === undefined || parseUrl(named)?.href === new URL(known).href;
}

/** Adds to a refused access what in the credential explains it. */
function explainMismatch(send: Transport, { mismatch }: Pick<Connection, 'mismatch'>): Transport {
	return async (...request) => {
		const result = await send(...request);
		if (result.answered || result.failure.code !== 'NO_ACCESS' || mismatch === null) return result;
		return { answered: false, failure: { ...result.failure, mismatch } };
	};
}
