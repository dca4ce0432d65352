import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	INodeCredentialTestResult,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { events } from './description/eventFields';
import { authentication, triggerHints, triggerOptions, triggerPanel } from './description/triggerFields';

// What a node does is loaded when it first does it: n8n loads every community node at its start, used or not.
export class Bitrix24Trigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Bitrix24 Trigger',
		name: 'bitrix24Trigger',
		icon: { light: 'file:../../icons/bitrix24.svg', dark: 'file:../../icons/bitrix24.dark.svg' },
		group: ['trigger'],
		// For each delivery to a node of version 1 n8n evaluates an expression, in case it is a first version of its own
		// Webhook node.
		version: 2,
		subtitle: '={{[].concat($parameter["events"], $parameter["otherEvents"]).join(", ")}}',
		description: 'Starts the workflow when something happens in Bitrix24, such as a lead being deleted',
		defaults: { name: 'Bitrix24 Trigger' },
		eventTriggerDescription: 'Waiting for Bitrix24 to deliver an event',
		triggerPanel,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'bitrix24OAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['oAuth2'] } },
			},
			{
				name: 'bitrix24OutgoingWebhookApi',
				required: true,
				testedBy: 'testOutgoingWebhook',
				displayOptions: { show: { authentication: ['outgoingWebhook'] } },
			},
		],
		hints: triggerHints,
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' }],
		builderHint: {
			searchHint:
				'Registers itself in Bitrix24 when the workflow is activated: never tell the user to create a webhook in Bitrix24 or to paste a URL there, unless Authentication is Outgoing Webhook. Bitrix24 must reach n8n at a public address. Starts one execution with one item for each event. A deleted record cannot be read any more: its item has the ID only.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-bitrix24-triggers.bitrix24QueueTrigger',
					relationHint: 'Fetches the same events from a queue, where n8n has no public address or may not miss any',
				},
			],
		},
		properties: [...authentication, ...events, ...triggerOptions],
	};

	methods = {
		loadOptions: {
			async getOtherEvents(this: ILoadOptionsFunctions) {
				const { getOtherEvents } = await import('./subscription/selectedEvents.js');
				return await getOtherEvents(this);
			},
		},
		credentialTest: {
			async testOutgoingWebhook(
				this: ICredentialTestFunctions,
				credential: ICredentialsDecrypted,
			): Promise<INodeCredentialTestResult> {
				const { testOutgoingWebhook } = await import('./connection/outgoingWebhook.js');
				return testOutgoingWebhook(credential);
			},
		},
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				const { checkExists } = await import('./subscription/lifecycle.js');
				return await checkExists(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				const { create } = await import('./subscription/lifecycle.js');
				return await create(this);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				const { remove } = await import('./subscription/lifecycle.js');
				return await remove(this);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const { receive } = await import('./webhook/receive.js');
		return await receive(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { addRecord } = await import('./webhook/addRecord.js');
		return await addRecord(this);
	}
}
