import type { INodeProperties } from 'n8n-workflow';

/** How the queue is read, and when an event counts as handled. */
export const queueReading: INodeProperties[] = [
	{
		displayName: 'Check Every (Seconds)',
		name: 'checkEvery',
		type: 'number',
		typeOptions: { minValue: 5 },
		default: 30,
		description: 'How long to rest between two looks at the queue, in seconds. At least 5.',
	},
	{
		displayName: 'Batch Size',
		name: 'batchSize',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 1000 },
		default: 100,
		description: 'How many events to request at a time, up to 1000. A full batch is followed at once by the next.',
	},
	{
		displayName: 'Execution',
		name: 'execution',
		type: 'options',
		options: [
			{
				name: 'One per Batch',
				value: 'perBatch',
				description: 'One execution with an item for each event. Many times faster when a lot is waiting.',
			},
			{
				name: 'One per Event',
				value: 'perEvent',
				description: 'Each event has an execution of its own, one after the other in the order of the queue',
			},
		],
		default: 'perBatch',
		description: 'How events are spread over executions',
	},
	{
		displayName: 'Acknowledge',
		name: 'acknowledge',
		type: 'options',
		options: [
			{
				name: 'After Success',
				value: 'afterSuccess',
				description: 'Events of an unsuccessful run come again. Nothing is lost; an event may come twice.',
			},
			{
				name: 'After Finish',
				value: 'afterFinish',
				description: 'Events of an unsuccessful run do not come again, those of a killed one do',
			},
			{
				name: 'On Receipt',
				value: 'onReceipt',
				description: 'An event never comes twice, but is lost when n8n stops in the middle of a run',
			},
		],
		default: 'afterSuccess',
		description:
			'When to tell Bitrix24 that events are handled. A workflow that pauses (Wait node) counts as successful when it pauses.',
	},
];
