import { parseEvent } from '../../../../nodes/Bitrix24/event/event.js';
import { openVerifier } from '../../../../nodes/Bitrix24/webhook/verifier.js';
import { readTriggerSettings } from '../../../../nodes/Bitrix24/settings/settings.js';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { leadDeleted } from '../../../fakes/delivery.mjs';
import { webhookContext } from '../../../fakes/webhookContext.mjs';

const outgoing = { applicationToken: 'token', portalUrl: '' };

describe('openVerifier', () => {
	it.each([
		['oAuth2', 'bitrix24OutgoingWebhookApi', outgoing],
		['outgoingWebhook', 'bitrix24OAuth2Api', connectedApp],
		['oAuth2', 'bitrix24OAuth2Api', { ...connectedApp, oauthTokenData: undefined }],
		['outgoingWebhook', 'bitrix24OutgoingWebhookApi', { ...outgoing, applicationToken: '' }],
		['outgoingWebhook', 'bitrix24OutgoingWebhookApi', { ...outgoing, portalUrl: 'not an address' }],
		['oAuth2', 'bitrix24OAuth2Api', new Error('Credential could not be decrypted')],
	] as const)('throws with %s when all there is is a %s like this', async (authentication, type, credential) => {
		const { context } = webhookContext({ credentials: { [type]: credential }, parameters: { authentication } });
		const event = parseEvent(leadDeleted() as never);
		if (event === null) throw new Error('The test delivers no event');
		await expect(openVerifier(context, readTriggerSettings(context), event)).rejects.toThrow();
	});
});
