import type { INodeProperties } from 'n8n-workflow';

/** What few need to change about the queue. */
export const queueOptions: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Max Attempts',
				name: 'maxAttempts',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 3,
				displayOptions: { show: { '/acknowledge': ['afterSuccess'] } },
				description:
					'How many unsuccessful runs a batch may have. Then its events run one at a time, and those that still do not succeed are put aside in Bitrix24 and named in the log of n8n.',
			},
			{
				displayName: 'Queue Name',
				name: 'queueName',
				type: 'string',
				default: '',
				placeholder: 'e.g. leads-to-slack',
				description:
					'Each name is a queue of its own in Bitrix24. Empty: made from workflow and node, so that no other workflow takes these events. Triggers with the same name share their events between them.',
			},
			{
				displayName: 'Retry Errors',
				name: 'retryErrors',
				type: 'boolean',
				default: false,
				description: 'Whether to take up events again that were put aside before, each time the workflow is activated',
			},
			{
				displayName: 'When Stopped',
				name: 'whenStopped',
				type: 'options',
				options: [
					{
						name: 'Keep Collecting',
						value: 'keepCollecting',
						description: 'Bitrix24 goes on queueing while the workflow is off, and nothing is missed',
					},
					{
						name: 'Unsubscribe',
						value: 'unsubscribe',
						description: 'Bitrix24 stops queueing when the workflow is deactivated, and when n8n itself stops',
					},
				],
				default: 'keepCollecting',
				description:
					'What Bitrix24 does with events while the workflow is off. n8n does not tell a trigger whether the workflow is deactivated or n8n itself stops, so with "Unsubscribe" events are missed during a restart too.',
			},
		],
	},
];
