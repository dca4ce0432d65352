import { Bitrix24OutgoingWebhookApi } from '../../credentials/Bitrix24OutgoingWebhookApi.credentials.js';
import { formValues } from '../fakes/formValues.mjs';

const credential = new Bitrix24OutgoingWebhookApi();

describe('Bitrix24OutgoingWebhookApi', () => {
	it('goes by the name that nodes ask for', () => {
		expect([credential.name, credential.displayName]).toEqual([
			'bitrix24OutgoingWebhookApi',
			'Bitrix24 Outgoing Webhook API',
		]);
	});

	it('asks for tokens, which it hides, and for a portal, which may be left out', () => {
		expect(formValues(credential.properties, {})).toEqual({ applicationToken: '', portalUrl: '' });
		const [token, portal] = credential.properties;
		expect(token).toMatchObject({ name: 'applicationToken', required: true, typeOptions: { password: true } });
		expect(portal?.required ?? false).toBe(false);
	});
});
