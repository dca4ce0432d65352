import type {
	ILoadOptionsFunctions,
	INodeType,
	INodeTypeDescription,
	ITriggerFunctions,
	ITriggerResponse,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { events } from './description/eventFields';
import { queueHints, queueOptions, queuePanel, queueReading } from './description/queueTriggerFields';

// What a node does is loaded when it first does it: n8n loads every community node at its start, used or not.
export class Bitrix24QueueTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Bitrix24 Queue Trigger',
		name: 'bitrix24QueueTrigger',
		icon: { light: 'file:../../icons/bitrix24.svg', dark: 'file:../../icons/bitrix24.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{[].concat($parameter["events"], $parameter["otherEvents"]).join(", ")}}',
		description: "Starts the workflow with events from the Bitrix24 portal's own queue, so that none is lost",
		defaults: { name: 'Bitrix24 Queue Trigger' },
		eventTriggerDescription: '',
		triggerPanel: queuePanel,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'bitrix24OAuth2Api', required: true }],
		hints: queueHints,
		builderHint: {
			searchHint:
				'Polls the queue that the Bitrix24 portal keeps: needs no public address of n8n, and loses no event while n8n is down. Items of "One per Batch" come together, one for each event. An event can come twice after a run that failed, so end the workflow with a step that may happen twice. A deleted record cannot be read any more: its item has the ID only.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-bitrix24-triggers.bitrix24Trigger',
					relationHint: 'Receives the same events at once, where Bitrix24 can reach n8n and an event may be missed',
				},
			],
		},
		properties: [...events, ...queueReading, ...queueOptions],
	};

	methods = {
		loadOptions: {
			async getOtherEvents(this: ILoadOptionsFunctions) {
				const { getOtherEvents } = await import('./subscription/selectedEvents.js');
				return await getOtherEvents(this);
			},
		},
	};

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		const { trigger } = await import('./queue/trigger.js');
		return await trigger(this);
	}
}
