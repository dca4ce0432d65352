import type { ICredentialTestFunctions, ILoadOptionsFunctions } from 'n8n-workflow';

import { Bitrix24Trigger } from '../../../nodes/Bitrix24/Bitrix24Trigger.node.js';
import { given, outgoing } from '../../fakes/deliver.mjs';
import { leadDeleted } from '../../fakes/delivery.mjs';
import { hookContext } from '../../fakes/hookContext.mjs';
import { webhookContext } from '../../fakes/webhookContext.mjs';

const node = new Bitrix24Trigger();
const { description } = node;

describe('Bitrix24Trigger', () => {
	it('is a trigger under the name that workflows know', () => {
		expect(description).toMatchObject({
			displayName: 'Bitrix24 Trigger',
			name: 'bitrix24Trigger',
			group: ['trigger'],
			inputs: [],
			outputs: ['main'],
		});
	});

	it('has the version for which n8n evaluates no expression at each delivery', () => {
		expect(description).toMatchObject({ version: 2 });
	});

	it('asks for the credential that the authentication needs', () => {
		expect(description.credentials).toEqual([
			{ name: 'bitrix24OAuth2Api', required: true, displayOptions: { show: { authentication: ['oAuth2'] } } },
			{
				name: 'bitrix24OutgoingWebhookApi',
				required: true,
				testedBy: 'testOutgoingWebhook',
				displayOptions: { show: { authentication: ['outgoingWebhook'] } },
			},
		]);
	});

	it('receives POST requests, and lets n8n answer before the workflow runs', () => {
		expect(description.webhooks).toEqual([
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		]);
	});

	it('registers itself, finds itself registered, and takes itself down', async () => {
		const { context, portal } = hookContext({ credentials: given });
		const { checkExists, create, delete: remove } = node.webhookMethods.default;
		expect(await checkExists.call(context)).toBe(false);
		expect(await create.call(context)).toBe(true);
		expect(await checkExists.call(context)).toBe(true);
		expect(await remove.call(context)).toBe(true);
		expect(portal.handlers()).toEqual([]);
	});

	it('starts the workflow with a delivery', async () => {
		const parameters = { events: ['ONCRMLEADDELETE'] };
		const { context } = webhookContext({ payload: leadDeleted(), parameters, credentials: given });
		expect(await node.webhook.call(context)).toMatchObject({ workflowData: [[{ json: { leadId: 1000983 } }]] });
	});

	it('loads the other events of the portal', async () => {
		const { context } = hookContext({ credentials: given });
		const options = await node.methods.loadOptions.getOtherEvents.call(context as unknown as ILoadOptionsFunctions);
		expect(options.map(({ value }) => value)).toEqual(['ONAPPTEST', 'ONCRMDYNAMICITEMADD_1220']);
	});

	it("tests an outgoing webhook's credential", async () => {
		const tested = await node.methods.credentialTest.testOutgoingWebhook.call({} as ICredentialTestFunctions, {
			id: '1',
			name: 'x',
			type: 'bitrix24OutgoingWebhookApi',
			data: outgoing.bitrix24OutgoingWebhookApi,
		});
		expect(tested.status).toBe('OK');
	});
});
