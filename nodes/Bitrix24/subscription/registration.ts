import type { IHookFunctions } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import type { Portal } from '../api/createPortal';
import { openPortal } from '../api/openPortal';
import { Refusal } from '../api/refusal';
import type { Address } from './address';

/** A trigger's place on its portal. */
export interface Registration {
	connection: Connection;
	portal: Portal;
	address: Address & { kind: 'online' };
}

/**
 * Opens the portal for the webhook URL that n8n has for this node (the test URL while the editor listens).
 *
 * @throws Refusal when the credential is not connected, or n8n has no URL
 */
export async function openRegistration(context: IHookFunctions): Promise<Registration> {
	const handler = context.getNodeWebhookUrl('default');
	if (handler === undefined)
		throw new Refusal('n8n has no webhook URL for this node.', 'Save the workflow and try again.');
	return { ...(await openPortal(context)), address: { kind: 'online', handler } };
}
