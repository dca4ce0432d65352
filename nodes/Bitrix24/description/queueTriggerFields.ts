import type { INodeProperties, INodeTypeDescription, NodeHint } from 'n8n-workflow';

import { limits } from '../settings/defaults';
import { eventHints, ignoreUserIds, includeRecord, recordFields } from './eventFields';

/** How the queue is read, and when an event counts as handled. */
export const queueReading: INodeProperties[] = [
	{
		displayName: 'Check Every (Seconds)',
		name: 'checkEvery',
		type: 'number',
		typeOptions: { minValue: limits.checkEvery.min },
		default: 30,
		description: `How long to rest between two looks at the queue, in seconds. At least ${limits.checkEvery.min}.`,
	},
	{
		displayName: 'Batch Size',
		name: 'batchSize',
		type: 'number',
		typeOptions: { minValue: limits.batchSize.min, maxValue: limits.batchSize.max },
		default: 100,
		description: `How many events to request at a time, up to ${limits.batchSize.max}`,
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
				description: 'Each event has an execution of its own, in the order of the queue',
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

/** What few need to change about the queue. */
export const queueOptions: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			ignoreUserIds,
			includeRecord,
			{
				displayName: 'Include User',
				name: 'includeUser',
				type: 'boolean',
				default: false,
				description:
					'Whether to add the name of the person who did it. The app needs the permission to read users for that, "user_brief" at least.',
			},
			{
				displayName: 'Max Attempts',
				name: 'maxAttempts',
				type: 'number',
				typeOptions: { minValue: limits.maxAttempts.min },
				default: 5,
				displayOptions: { show: { '/acknowledge': ['afterSuccess'] } },
				description:
					'How many unsuccessful runs an event has, with pauses that grow from "Check Every" to an hour. A batch that fails twice is split, and its events run one at a time, each at least once, also where this is 1 or 2. An event that fails for the last time is put aside in Bitrix24; it comes back when the same object changes again.',
			},
			{
				displayName: 'Queue Name',
				name: 'queueName',
				type: 'string',
				default: '',
				placeholder: 'e.g. leads-to-slack',
				description:
					'Each name is a queue of its own in Bitrix24. Empty: made from workflow and node, so that no other workflow takes these events.',
			},
			recordFields,
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
						description:
							'Bitrix24 stops queueing when the workflow is deactivated, and when n8n itself stops; for triggers with the same Queue Name, too, until they notice within ten minutes',
					},
				],
				default: 'keepCollecting',
				description:
					'What Bitrix24 does with events while the workflow is off. n8n does not tell a trigger whether it is deactivated or n8n itself stops.',
			},
		],
	},
];

/** What the editor warns of while it is chosen. n8n takes a condition that is no boolean for an oversight. */
export const queueHints: NodeHint[] = [
	...eventHints,
	{
		message:
			'Triggers with the same Queue Name and the same app share their events: each event goes to one of them. Leave it empty for a queue of its own.',
		type: 'info',
		displayCondition: '={{ !!$parameter["options"]["queueName"] }}',
		whenToDisplay: 'always',
		location: 'outputPane',
	},
	{
		message: 'With "Unsubscribe", events are missed while the workflow is off and whenever n8n restarts.',
		type: 'warning',
		displayCondition: '={{ $parameter["options"]["whenStopped"] === "unsubscribe" }}',
		whenToDisplay: 'always',
		location: 'outputPane',
	},
];

/** What the editor says before a test. */
export const queuePanel: INodeTypeDescription['triggerPanel'] = {
	header: '',
	executionsHelp: {
		inactive:
			'<b>While building your workflow</b>, test this step: it shows what waits in the queue and takes nothing from it.<br /><br /><b>Once you\'re happy with your workflow</b>, activate it. From then on Bitrix24 queues the events, and the executions show up in the <a data-key="executions">executions list</a>, but not in the editor.',
		active:
			'<b>This trigger is active</b>: it reads the queue regularly, and the executions show up in the <a data-key="executions">executions list</a>.<br /><br />Testing this step shows what waits in the queue and takes nothing from it.',
	},
	activationHint: 'Once you have finished building your workflow, activate it to have Bitrix24 queue its events.',
};
