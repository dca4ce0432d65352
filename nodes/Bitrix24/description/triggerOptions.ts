import type { INodeProperties } from 'n8n-workflow';

/** What few need. */
export const triggerOptions: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Include User',
				name: 'includeUser',
				type: 'boolean',
				default: false,
				displayOptions: { show: { '/authentication': ['oAuth2'], '/simplify': [true] } },
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
					'Refuse deliveries that left Bitrix24 longer ago than this, so that a recorded one can not be played back. 0 accepts any age.',
			},
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
