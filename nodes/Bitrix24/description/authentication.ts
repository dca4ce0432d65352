import type { INodeProperties } from 'n8n-workflow';

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
		displayName:
			'Register it by hand: in Bitrix24, open Developer resources > Common use cases > Other > Outbound webhook, enter the Production URL above as "Your handler URL", choose the same events as below, and save. Copy the application token that Bitrix24 shows into the credential. Then activate this workflow.',
		name: 'outgoingWebhookNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { authentication: ['outgoingWebhook'] } },
	},
];
