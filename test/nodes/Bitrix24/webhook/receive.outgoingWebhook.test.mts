import { receive } from '../../../../nodes/Bitrix24/webhook/receive.js';
import { deliver, outgoing } from '../../../fakes/deliver.mjs';
import { leadDeleted, webhookAuth } from '../../../fakes/delivery.mjs';
import { webhookContext } from '../../../fakes/webhookContext.mjs';

const answer = (status: number, error: string) => [
	{ status, body: { error, error_description: expect.stringMatching(/^[A-Z].*\.$/) } },
];

describe('receive, for an outgoing webhook', () => {
	const parameters = { authentication: 'outgoingWebhook' };
	const payload = leadDeleted({ auth: webhookAuth });

	it('starts the workflow with a proven event', async () => {
		const { items, portal } = await deliver({ payload, parameters, credentials: outgoing });
		expect(items).toMatchObject([{ leadId: 1000983, applicationStatus: null, userId: null }]);
		expect(portal.calls).toEqual([]);
	});

	it('answers 403 to a wrong token and to another portal', async () => {
		const credential = { ...outgoing.bitrix24OutgoingWebhookApi, portalUrl: 'https://other.bitrix24.com' };
		const elsewhere = { bitrix24OutgoingWebhookApi: credential };
		const wrong = leadDeleted({ auth: { ...webhookAuth, application_token: 'x' } });
		expect((await deliver({ payload: wrong, parameters, credentials: outgoing })).answers).toEqual(
			answer(403, 'INVALID_APPLICATION_TOKEN'),
		);
		expect((await deliver({ payload, parameters, credentials: elsewhere })).answers).toEqual(
			answer(403, 'WRONG_PORTAL'),
		);
	});

	it('answers 500 without a token in the credential, and logs why', async () => {
		const credentials = { bitrix24OutgoingWebhookApi: { applicationToken: '' } };
		const { answers, log } = await deliver({ payload, parameters, credentials });
		expect(answers).toEqual(answer(500, 'NOT_CONFIGURED'));
		expect(log).toEqual([expect.stringContaining('holds no application token')]);
	});

	it('says that the credential can not be read, whatever n8n throws', async () => {
		const { context, answers, log } = webhookContext({ payload, parameters });
		context.getCredentials = async () => await Promise.reject('a text');
		expect(await receive(context)).toEqual({ noWebhookResponse: true });
		expect(answers).toEqual(answer(500, 'NOT_CONFIGURED'));
		expect(log).toEqual([expect.stringMatching(/\(NOT_CONFIGURED\): the credential can not be read\.$/)]);
	});
});
