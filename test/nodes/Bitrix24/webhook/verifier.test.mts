import type { TriggerSettings } from '../../../../nodes/Bitrix24/settings/settings.js';
import { openVerifier } from '../../../../nodes/Bitrix24/webhook/verifier.js';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { webhookContext } from '../../../fakes/webhookContext.mjs';

const settings = (authentication: TriggerSettings['authentication']): TriggerSettings => ({
	authentication,
	events: ['ONCRMLEADDELETE'],
	simplify: true,
	includeUser: false,
	ignoreUserIds: new Set(),
	includeRecord: false,
	recordFields: [],
	maxAgeMinutes: 0,
	testWith: 'sample',
});

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
		const { context } = webhookContext({ credentials: { [type]: credential } });
		await expect(openVerifier(context, settings(authentication))).rejects.toThrow();
	});
});
