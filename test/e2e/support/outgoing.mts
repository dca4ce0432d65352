import type { OutgoingWebhook } from '../../../simulator/index.mjs';
import { Trigger } from './Trigger.mjs';
import type { TriggerDraft } from './TriggerWorkflow.mjs';
import type { World } from './world.mjs';

/** A workflow whose outgoing webhooks were registered on the portal by hand. */
export interface Outgoing {
	trigger: Trigger;
	webhooks: OutgoingWebhook[];
	credentialId: string;
}

/** What is chosen on the portal and in the credential. */
export interface OutgoingChoices {
	/** One outgoing webhook for each list of events. Default: one, for deleted leads. */
	events?: string[][];
	/** What stands between the application tokens. */
	separator?: string;
	/** The credential's. Default: none, any portal is accepted. */
	portalUrl?: string;
	parameters?: Record<string, unknown>;
}

/**
 * Does what the notice in the node says: registers outgoing webhooks for the production URL, copies their application
 * tokens into the credential, and activates the workflow.
 */
export async function activateOutgoing(world: World, choices: OutgoingChoices = {}): Promise<Outgoing> {
	const { events = [['ONCRMLEADDELETE']], separator = ', ', portalUrl = '' } = choices;
	const draft: TriggerDraft = { parameters: { authentication: 'outgoingWebhook', ...choices.parameters } };
	const trigger = await Trigger.add(world, { ...draft, credentials: {} });
	const webhooks = events.map((codes) => world.portal.outgoingWebhooks.add({ url: trigger.url, events: codes }));
	const name = 'Outgoing webhooks';
	const applicationToken = webhooks.map((webhook) => webhook.applicationToken).join(separator);
	const form = { name, type: 'bitrix24OutgoingWebhookApi', data: { applicationToken, portalUrl } };
	const credentialId = await world.client.createCredential(form);
	await trigger.change({ ...draft, credentials: { bitrix24OutgoingWebhookApi: { id: credentialId, name } } });
	await trigger.activate();
	return { trigger, webhooks, credentialId };
}
