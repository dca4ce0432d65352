import type { IDataObject, IWebhookResponseData } from 'n8n-workflow';

import { receive } from '../../nodes/Bitrix24/webhook/receive.js';
import secrets from '../fixtures/secrets.json' with { type: 'json' };
import { connectedApp } from './credentials.mjs';
import type { FakeDelivery, Given } from './webhookContext.mjs';
import { webhookContext } from './webhookContext.mjs';

/** A connected app whose application token the user has entered. */
export const given = { bitrix24OAuth2Api: { ...connectedApp, applicationToken: secrets.applicationToken } };

/** A connected app whose application token is to be learned. */
export const learning = { bitrix24OAuth2Api: connectedApp };

/** An outgoing webhook. */
export const outgoing = {
	bitrix24OutgoingWebhookApi: { applicationToken: secrets.applicationToken, portalUrl: '' },
};

/** What became of a delivery. */
export interface Delivered extends FakeDelivery {
	response: IWebhookResponseData;
	/** What the workflow was started with; empty when it was not. */
	items: IDataObject[];
}

/** Delivers to a trigger on deleted leads whose credential has the application token; a test says what differs. */
export async function deliver({ parameters, ...changes }: Given): Promise<Delivered> {
	const delivery = webhookContext({
		credentials: given,
		...changes,
		parameters: { events: ['ONCRMLEADDELETE'], ...parameters },
	});
	const response = await receive(delivery.context);
	// n8n answers it, once it has stored static data.
	if (response.webhookResponse !== undefined) delivery.answers.push({ status: 200, body: response.webhookResponse });
	return { ...delivery, response, items: (response.workflowData ?? []).flat().map(({ json }) => json) };
}
