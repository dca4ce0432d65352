import type { RequestHandler } from 'express';
import { answerOrFail, TOKEN_ENDPOINT, write } from '../faults.mjs';
import type { Portal } from '../portal/portal.mjs';
import { Params, readParams } from '../rest/params.mjs';
import { RestError } from '../rest/restError.mjs';
import { ACCESS_TOKEN_SECONDS, type Grant } from './tokenStore.mjs';

/**
 * `/oauth/token/` of the authorization server, by GET or POST. Client id and secret are read from query and body only:
 * a Basic header means nothing to it.
 */
export function tokenEndpoint(portal: Portal): RequestHandler {
	return async (request, response) => {
		const params = new Params(readParams(request));
		write(response, await answerOrFail(portal, TOKEN_ENDPOINT, { access_token: '' }, () => answer(portal, params)));
	};
}

function answer(portal: Portal, params: Params): { status: number; body: unknown } {
	try {
		return { status: 200, body: tokens(portal, redeem(portal, params)) };
	} catch (error) {
		if (!(error instanceof RestError)) throw error;
		return error;
	}
}

function redeem({ app, tokenStore }: Portal, params: Params): Grant {
	const type = params.text('grant_type');
	if (type !== 'authorization_code' && type !== 'refresh_token') {
		throw new RestError(400, 'invalid_request', 'Invalid grant_type');
	}
	if (params.text('client_id') !== app.clientId || params.text('client_secret') !== app.clientSecret) {
		throw new RestError(401, 'invalid_client', 'Invalid client');
	}
	const grant =
		type === 'refresh_token'
			? tokenStore.redeemRefresh(params.text('refresh_token'))
			: tokenStore.redeemCode(params.text('code'));
	if (!grant || grant.appId !== app.id) throw new RestError(400, 'invalid_grant', 'Invalid grant');
	return grant;
}

/**
 * The documented answer. Mind that `domain` is the authorization server's, that there is no `token_type`, and that `scope` is
 * the word `app`: the permissions stand in the query that the browser brings back from the consent page.
 */
function tokens(portal: Portal, grant: Grant): Record<string, unknown> {
	const { app, authorizationServer, clock, memberId, portalUrl, tokenStore } = portal;
	return {
		access_token: tokenStore.issueAccess(grant),
		expires: clock.seconds() + ACCESS_TOKEN_SECONDS,
		expires_in: ACCESS_TOKEN_SECONDS,
		scope: 'app',
		domain: new URL(authorizationServer).host,
		server_endpoint: `${authorizationServer}/rest/`,
		status: app.status,
		client_endpoint: `${portalUrl}/rest/`,
		member_id: memberId,
		user_id: grant.userId,
		refresh_token: tokenStore.issueRefresh(grant),
	};
}
