import { z } from 'zod';

import { ask } from '../api/ask';
import type { Portal } from '../api/createPortal';
import type { Address } from './address';

/** One handler that is bound on the portal, at our own address. */
export interface Handler {
	/** The event's code in upper case. */
	event: string;
	/** Whose authorization it runs under: `0` for that of whoever causes the event; undefined for offline handlers. */
	authType: string | undefined;
}

const text = z.union([z.string(), z.number()]).transform(String);

// event.get: `{event, handler, auth_type, offline: 0}` or `{event, connector_id, offline: 1}`
const bound = z.object({
	event: z.string().transform((code) => code.toUpperCase()),
	handler: text.nullish().catch(null),
	auth_type: text.nullish().catch(null),
	connector_id: text.nullish().catch(null),
	offline: z.coerce.number().catch(0),
});

/**
 * What is bound at our address. Handlers of other addresses and other apps are left out, so nothing can touch them.
 *
 * @throws Refusal when the portal does not tell
 */
export async function currentHandlers(portal: Portal, address: Address): Promise<Handler[]> {
	const all = await ask(portal, 'event.get', {}, z.array(bound));
	return all
		.filter((handler) =>
			address.kind === 'online'
				? handler.offline === 0 && handler.handler === address.handler
				: handler.offline === 1 && (handler.connector_id ?? '') === (address.connector ?? ''),
		)
		.map(({ event, auth_type: authType }) => ({ event, authType: authType ?? undefined }));
}
