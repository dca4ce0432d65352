import secrets from '../fixtures/secrets.json' with { type: 'json' };

/** What n8n hands out for a connected Bitrix24 OAuth2 API credential. */
export const connectedApp = {
	portalUrl: 'https://some-domain.bitrix24.com/',
	authorizationServer: 'https://oauth.bitrix.info',
	clientId: 'local.5c8bb1b0917420.46123472',
	clientSecret: secrets.clientSecret,
	applicationToken: '',
	oauthTokenData: {
		access_token: secrets.credentialAccessToken,
		refresh_token: secrets.credentialRefreshToken,
		member_id: 'a223c6b3710f85df22e9377d6c4f7553',
		client_endpoint: 'https://some-domain.bitrix24.com/rest/',
		scope: 'crm,tasks',
		status: 'L',
	},
};
