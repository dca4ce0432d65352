import type { Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

export class Bitrix24OAuth2Api implements ICredentialType {
	name = 'bitrix24OAuth2Api';

	displayName = 'Bitrix24 OAuth2 API';

	extends = ['oAuth2Api'];

	icon: Icon = { light: 'file:../icons/bitrix24.svg', dark: 'file:../icons/bitrix24.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-bitrix24-triggers/n8n-nodes-bitrix24-triggers#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Portal URL',
			name: 'portalUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://your-company.bitrix24.com',
			description: 'The address in your browser when you work in Bitrix24',
		},
		{
			displayName: 'Authorization Server',
			name: 'authorizationServer',
			type: 'string',
			required: true,
			default: 'https://oauth.bitrix.info',
			description:
				'Where Bitrix24 hands out access. Portals in the CIS (such as bitrix24.ru, .by and .kz) use https://oauth.bitrix24.tech.',
		},
		{
			displayName:
				'Portals in the CIS hand out access at another address: enter https://oauth.bitrix24.tech as Authorization Server.',
			name: 'cisNotice',
			type: 'notice',
			default: '',
			displayOptions: {
				show: {
					portalUrl: [{ _cnd: { regex: '\\.bitrix24\\.(?:ru|by|kz|uz)(?:[:/?#\\s]|$)' } }],
					authorizationServer: [{ _cnd: { regex: 'oauth\\.bitrix\\.info' } }],
				},
			},
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. local.5c8bb1b0917420.46123472',
			description:
				'From the app\'s card in Bitrix24: Developer resources > Common use cases > Other > Local application. There, enter the OAuth Redirect URL above as "Your handler path", tick "Script only (no user interface)", and assign the permission CRM.',
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: "From the app's card in Bitrix24, below the client ID",
		},
		{
			displayName: 'Application Token',
			name: 'applicationToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'What every delivery of the app has to carry. Leave it empty: Bitrix24 Trigger learns it from the portal when it is activated. A token that you change here counts at once after deactivating and activating the workflow, otherwise within a day.',
		},
		{ displayName: 'Grant Type', name: 'grantType', type: 'hidden', default: 'authorizationCode' },
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default:
				'={{$self["portalUrl"].trim().replace(/^(?!https?:\\/\\/)/i, "https://").replace(/^(https?:\\/\\/[^\\/?#]+).*$/i, "$1") + "/oauth/authorize/"}}',
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default:
				'={{($self["authorizationServer"].trim() || "https://oauth.bitrix.info").replace(/^(?!https?:\\/\\/)/i, "https://").replace(/^(https?:\\/\\/[^\\/?#]+).*$/i, "$1") + "/oauth/token/"}}',
		},
		// Bitrix24 takes the permissions from the app's card.
		{ displayName: 'Scope', name: 'scope', type: 'hidden', default: '' },
		{ displayName: 'Auth URI Query Parameters', name: 'authQueryParameters', type: 'hidden', default: '' },
		// Documented for Bitrix24 are client ID and secret in the body; it does not read them from a Basic header.
		{ displayName: 'Authentication', name: 'authentication', type: 'hidden', default: 'body' },
	];

	test: ICredentialTestRequest = {
		request: {
			method: 'POST',
			url: '={{$credentials.portalUrl.trim().replace(/^(?!https?:\\/\\/)/i, "https://").replace(/^(https?:\\/\\/[^\\/?#]+).*$/i, "$1") + "/rest/app.info.json"}}',
		},
		rules: [
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'result.INSTALLED',
					value: false,
					message:
						'Connected, but the app\'s installation in Bitrix24 is not complete, so it receives no events. Edit the app in Bitrix24, tick "Script only (no user interface)", also called "Uses API only", and save.',
				},
			},
		],
	};
}
