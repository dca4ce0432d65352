import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

export class Bitrix24OutgoingWebhookApi implements ICredentialType {
	name = 'bitrix24OutgoingWebhookApi';

	displayName = 'Bitrix24 Outgoing Webhook API';

	icon: Icon = { light: 'file:../icons/bitrix24.svg', dark: 'file:../icons/bitrix24.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-bitrix24-triggers/n8n-nodes-bitrix24-triggers#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Application Token',
			name: 'applicationToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description:
				'Shown by Bitrix24 in the settings of the outgoing webhook (Developer resources > Common use cases > Other > Outbound webhook). Several outgoing webhooks, or an old and a new token, are separated by commas.',
		},
		{
			displayName: 'Portal URL',
			name: 'portalUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://your-company.bitrix24.com',
			description: 'Accept deliveries of this portal only. Leave it empty to accept every portal that knows the token.',
		},
	];
}
