import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { Bitrix24OAuth2Api } from '../../../credentials/Bitrix24OAuth2Api.credentials.js';
import { Bitrix24OutgoingWebhookApi } from '../../../credentials/Bitrix24OutgoingWebhookApi.credentials.js';

const shown = { show: { useDynamicClientRegistration: [false] } };
const oAuth2Names = ['authUrl', 'accessTokenUrl', 'clientId', 'clientSecret', 'scope', 'authQueryParameters'];

function text(name: string): INodeProperties {
	return { displayName: name, name, type: 'string', default: '', displayOptions: shown };
}

/** n8n's own parent of every OAuth2 credential, in the parts that ours inherits (n8n-nodes-base, `OAuth2Api`). */
const oAuth2Api: ICredentialType = {
	name: 'oAuth2Api',
	displayName: 'OAuth2 API',
	properties: [
		{
			displayName: 'Dynamic',
			name: 'useDynamicClientRegistration',
			type: 'hidden',
			default: false,
		},
		{ ...text('grantType'), default: 'authorizationCode' },
		...oAuth2Names.map(text),
		{ ...text('authentication'), default: 'header' },
	],
};

/** The credential types that the small n8n knows, by name. */
export const credentialTypes: ReadonlyMap<string, ICredentialType> = new Map(
	[oAuth2Api, new Bitrix24OAuth2Api(), new Bitrix24OutgoingWebhookApi()].map((type) => [type.name, type]),
);
