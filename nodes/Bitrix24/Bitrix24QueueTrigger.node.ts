import type {
	ILoadOptionsFunctions,
	INodeType,
	INodeTypeDescription,
	ITriggerFunctions,
	ITriggerResponse,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { events } from './description/events';
import { queueOptions } from './description/queueOptions';
import { queuePanel } from './description/queuePanel';
import { queueReading } from './description/queueReading';
import { trigger } from './queue/trigger';
import { getOtherEvents } from './subscription/getOtherEvents';

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
		properties: [...events, ...queueReading, ...queueOptions],
	};

	methods = {
		loadOptions: {
			async getOtherEvents(this: ILoadOptionsFunctions) {
				return await getOtherEvents(this);
			},
		},
	};

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		return await trigger(this);
	}
}
