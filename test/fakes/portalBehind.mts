import type { Client } from '../../nodes/Bitrix24/api/client.js';
import { createClient } from '../../nodes/Bitrix24/api/client.js';
import { createRateLimiter } from '../../nodes/Bitrix24/api/rateLimiter.js';
import { createTransport } from '../../nodes/Bitrix24/n8n/transports.js';
import type { SimulatedPortal } from './simulatedPortal.mjs';

/** A client on a simulated portal, as the credential's user. Nothing is retried, so that a test sees each call once. */
export function portalBehind({ helpers }: Pick<SimulatedPortal, 'helpers'>): Client {
	const now = () => 0;
	return createClient(
		{
			origin: 'https://some-domain.bitrix24.com',
			// Only the two request helpers are there, which are all that it uses.
			send: createTransport({ helpers } as never),
			sleep: async () => undefined,
			now,
			rateLimiter: createRateLimiter(now),
			movedTo: { get: () => undefined, set: () => undefined },
		},
		{ maxRetries: 0 },
	);
}
