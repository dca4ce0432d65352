import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { Simulator } from '../../../simulator/index.mjs';

/**
 * The data of an OAuth2 credential after "Connect my account": what the user typed, and what n8n stored of the token
 * server's answer and of the callback's query.
 *
 * @param userId who connected it; by default the portal's administrator
 */
export function connectedCredential(portal: Simulator, userId?: number): ICredentialDataDecryptedObject {
	const { accessToken, refreshToken } = portal.issueTokens(userId);
	const server = new URL(portal.authorizationServer).host;
	return {
		portalUrl: portal.portalUrl,
		authorizationServer: portal.authorizationServer,
		clientId: portal.app.clientId,
		clientSecret: portal.app.clientSecret,
		applicationToken: '',
		oauthTokenData: {
			access_token: accessToken,
			expires: Math.floor(Date.now() / 1000) + 3600,
			expires_in: 3600,
			scope: 'app',
			domain: server,
			server_endpoint: `${portal.authorizationServer}/rest/`,
			status: portal.app.status,
			client_endpoint: `${portal.portalUrl}/rest/`,
			member_id: portal.memberId,
			user_id: userId ?? portal.currentUserId,
			refresh_token: refreshToken,
			callbackQueryString: {
				domain: portal.domain,
				member_id: portal.memberId,
				scope: portal.app.scope.join(','),
				server_domain: server,
			},
		},
	};
}
