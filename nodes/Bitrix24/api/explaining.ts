import type { Connection } from './connection';
import type { Transport } from './transport';

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
