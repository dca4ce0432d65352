import type { Client } from '../../nodes/Bitrix24/api/client.js';
import { createClient } from '../../nodes/Bitrix24/api/client.js';
import { credentialTransport } from '../../nodes/Bitrix24/n8n/transports.js';
import type { SimulatedPortal } from './simulatedPortal.mjs';

/** Opens a fake portal as the credential's user sees it. Nothing is repeated, so that a test sees each call once. */
export function portalBehind({ helpers }: Pick<SimulatedPortal, 'helpers'>): Client {
	return createClient({
		origin: 'https://some-domain.bitrix24.com',
		// Only the two request helpers are there, which are all that it uses.
		transport: credentialTransport({ helpers } as never, { timeout: 1_000 }),
		sleep: async () => undefined,
		now: () => 0,
		maxRetries: 0,
	});
}
