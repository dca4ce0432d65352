import type { ICredentialTestFunctions, ILoadOptionsFunctions } from 'n8n-workflow';

import { Bitrix24QueueTrigger } from '../../../nodes/Bitrix24/Bitrix24QueueTrigger.node.js';
import { Bitrix24Trigger } from '../../../nodes/Bitrix24/Bitrix24Trigger.node.js';
import { given, outgoing } from '../../fakes/deliver.mjs';
import { hookContext } from '../../fakes/hookContext.mjs';

const { description } = new Bitrix24Trigger();

describe('Bitrix24Trigger', () => {
	it('is a trigger under the name that workflows know', () => {
		expect(description).toMatchObject({
			displayName: 'Bitrix24 Trigger',
			// For it n8n evaluates no expression at each delivery.
			version: 2,
			name: 'bitrix24Trigger',
			group: ['trigger'],
			inputs: [],
			outputs: ['main'],
		});
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

	it.each([new Bitrix24Trigger(), new Bitrix24QueueTrigger()])('loads the events of the portal (%#)', async (one) => {
		const { context } = hookContext({ credentials: given });
		const getOtherEvents = async () =>
			await one.methods.loadOptions.getOtherEvents.call(context as unknown as ILoadOptionsFunctions);
		Object.assign(context, { getCurrentNodeParameter: () => 'oAuth2' });
		expect((await getOtherEvents()).map(({ value }) => value)).toEqual(['ONAPPTEST', 'ONCRMDYNAMICITEMADD_1220']);
		Object.assign(context, { getCurrentNodeParameter: () => 'outgoingWebhook' });
		expect(await getOtherEvents()).toEqual([]);
	});

	it("tests an outgoing webhook's credential", async () => {
		const data = outgoing.bitrix24OutgoingWebhookApi;
		const credential = { id: '1', name: 'x', type: 'bitrix24OutgoingWebhookApi', data };
		const { testOutgoingWebhook } = new Bitrix24Trigger().methods.credentialTest;
		expect(await testOutgoingWebhook.call({} as ICredentialTestFunctions, credential)).toMatchObject({ status: 'OK' });
	});

	it('receives POST requests, and lets n8n answer before the workflow runs', () => {
		expect(description.webhooks).toEqual([
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		]);
	});
});
