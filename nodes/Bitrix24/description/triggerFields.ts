import type { INodeProperties, INodeTypeDescription, NodeHint } from 'n8n-workflow';

import { appOnlyEvents } from '../event/catalogue';
import { menuPaths } from '../menuPaths';
import { eventHints, ignoreUserIds, includeRecord, isChosen, recordFields } from './eventFields';

/** How the trigger is connected with the portal. */
export const authentication: INodeProperties[] = [
	{
		displayName: 'Authentication',
		name: 'authentication',
		type: 'options',
		options: [
			{
				name: 'OAuth2',
				value: 'oAuth2',
				description: 'A Bitrix24 app. The trigger registers itself, and cleans up after itself.',
			},
			{
				name: 'Outgoing Webhook',
				value: 'outgoingWebhook',
				description: 'An outgoing webhook that you register in Bitrix24 by hand',
			},
		],
		default: 'oAuth2',
	},
	{
		displayName: `Register it by hand: in Bitrix24, open ${menuPaths.outgoingWebhook}, enter the Production URL above as "Your handler URL", choose the same events as below, and save. Copy the application token that Bitrix24 shows into the credential. Then activate this workflow. Events about apps and chatbots, and deals that move to another pipeline, come only to an app.`,
		name: 'outgoingWebhookNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { authentication: ['outgoingWebhook'] } },
	},
];

/** What few need. */
export const triggerOptions: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{ ...ignoreUserIds, displayOptions: { show: { '/authentication': ['oAuth2'] } } },
			{ ...includeRecord, displayOptions: { show: { '/authentication': ['oAuth2'] } } },
			{
				displayName: 'Include User',
				name: 'includeUser',
				type: 'boolean',
				default: false,
				displayOptions: { show: { '/authentication': ['oAuth2'] } },
				description:
					'Whether to add the name of the person who did it. Robots and automation rules have none; an event never waits longer than 3 seconds for it.',
			},
			{
				displayName: 'Maximum Age (Minutes)',
				name: 'maxAgeMinutes',
				type: 'number',
				typeOptions: { minValue: 0 },
				default: 0,
				description:
					'Refuse deliveries that left Bitrix24 longer ago than this, so that a recorded one cannot be played back. 0 accepts any age.',
			},
			{ ...recordFields, displayOptions: { show: { '/authentication': ['oAuth2'] } } },
			{
				displayName: 'Test With',
				name: 'testWith',
				type: 'options',
				options: [
					{
						name: 'Sample Event',
						value: 'sample',
						description: 'Bitrix24 sends a sample at once, with an example ID, through its real queue',
					},
					{
						name: 'Real Event',
						value: 'realEvent',
						description:
							'Wait until one of the events really happens. What a robot did counts only if the credential holds the application token.',
					},
				],
				default: 'sample',
				displayOptions: { show: { '/authentication': ['oAuth2'] } },
				description: 'What "Listen for test event" shows',
			},
		],
	},
];

/** What the editor warns of while it is chosen. */
export const triggerHints: NodeHint[] = [
	{
		message:
			'An outgoing webhook never gets some of the chosen events: those about apps and chatbots, "Deal Moved to Another Pipeline" and "Offline Event Queued" come only to an app. Choose OAuth2 under Authentication for them.',
		type: 'warning',
		displayCondition: `={{ $parameter["authentication"] === "outgoingWebhook" && ${isChosen(appOnlyEvents)} }}`,
		whenToDisplay: 'always',
		location: 'outputPane',
	},
	...eventHints,
];

/** What the editor says while nothing has arrived yet. */
export const triggerPanel: INodeTypeDescription['triggerPanel'] = {
	header: '',
	executionsHelp: {
		inactive:
			'<b>While building your workflow</b>, click the "listen" button: Bitrix24 sends a sample at once (or choose in Options to wait for a real event).<br /><br /><b>Once you\'re happy with your workflow</b>, activate it. Then every event starts it, and the executions show up in the <a data-key="executions">executions list</a>, but not in the editor.',
		active:
			'<b>This trigger is active</b>: every event starts the workflow, and the executions show up in the <a data-key="executions">executions list</a>.<br /><br />If nothing arrives, the execution list stays empty and the log of n8n names the reason for each refused delivery.',
	},
	activationHint: 'Once you have finished building your workflow, activate it to have it run for every event.',
};
