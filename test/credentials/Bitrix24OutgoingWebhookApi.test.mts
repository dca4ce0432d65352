import { Bitrix24OutgoingWebhookApi } from '../../credentials/Bitrix24OutgoingWebhookApi.credentials.js';
import { formValues } from '../fakes/formValues.mjs';

const credential = new Bitrix24OutgoingWebhookApi();

describe('Bitrix24OutgoingWebhookApi', () => {
	it('asks for tokens, which it hides, and for a portal, which may be left out', () => {
		expect(formValues(credential.properties, {})).toEqual({ applicationToken: '', portalUrl: '' });
		const [token, portal] = credential.properties;
		expect(token).toMatchObject({ name: 'applicationToken', required: true, typeOptions: { password: true } });
		expect(portal?.required ?? false).toBe(false);
	});
});
