import type { Client } from '../../nodes/Bitrix24/api/client.js';
import { createTransport } from '../../nodes/Bitrix24/n8n/transports.js';
import { clientOn } from './scriptedTransport.mjs';
import type { SimulatedPortal } from './simulatedPortal.mjs';

/** A client on a simulated portal, as the credential's user. Nothing is retried, so that a test sees each call once. */
export function portalBehind({ helpers }: Pick<SimulatedPortal, 'helpers'>): Client {
	// Only the two request helpers are there, which are all that it uses.
	return clientOn(
		createTransport({ helpers } as never),
		{ maxRetries: 0 },
		{ origin: 'https://some-domain.bitrix24.com' },
	);
}
