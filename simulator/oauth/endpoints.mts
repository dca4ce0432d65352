import type { RequestHandler, Response } from 'express';
import { ACCESS_TOKEN_SECONDS, type Grant } from './tokenStore.mjs';
import { answerOrFail, TOKEN_ENDPOINT, write } from '../faults.mjs';
import { html, layout } from '../page/layout.mjs';
import type { Portal } from '../portal.mjs';
import { Params, readParams, RestError } from '../rest/call.mjs';

/**
 * `/oauth/authorize/`: sends the browser back to the address in the app's card with a code for the logged-in user.
 * `redirect_uri`, `scope` and `response_type` of the query mean nothing to Bitrix24. What goes wrong is shown here: the
 * app hears nothing of it.
 */
export function authorize(portal: Portal): RequestHandler {
	return (request, response) => {
		const { client_id: clientId, state, allow, auto } = request.query;
		const { app } = portal;
		if (clientId !== app.clientId) return refuse(response, 'Application not found');
		if (app.redirectUri === '') {
			return refuse(response, 'The handler path is missing: enter it in the app card as "Your handler path".');
		}
		if (portal.consentPage && allow === undefined && auto === undefined) {
			response.send(consent(portal, `${request.originalUrl}&allow=Y`));
			return;
		}
		response.redirect(302, callbackUrl(portal, typeof state === 'string' ? state : ''));
	};
}

function callbackUrl(portal: Portal, state: string): string {
	const { app, memberId, domain, currentUserId } = portal;
	const url = new URL(app.redirectUri);
	const answer = {
		code: portal.tokenStore.issue('code', { appId: app.id, userId: currentUserId }),
		state,
		domain,
		member_id: memberId,
		scope: app.scope.join(','),
		server_domain: new URL(portal.authorizationServer).host,
	};
	for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
	return url.href;
}

function refuse(response: Response, reason: string): void {
	response.status(400).send(
		layout(
			'Authorization failed',
			html`<h1>Authorization failed</h1>
				<p>${reason}</p>`,
		),
	);
}

function consent({ app, users, currentUserId }: Portal, next: string): string {
	const user = users.find(({ id }) => id === currentUserId);
	return layout(
		'Allow access',
		html`<h1>Allow access?</h1>
			<p>
				The application <b>${app.code}</b> asks to act on this simulated Bitrix24 on behalf of
				<b>${user?.name} ${user?.lastName}</b>, with the permissions ${app.scope.join(', ')}.
			</p>
			<p><a class="button" href="${next}">Allow</a></p>`,
	);
}

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
	const kind = type === 'refresh_token' ? 'refresh' : 'code';
	const grant = tokenStore.redeem(kind, params.text(kind === 'refresh' ? 'refresh_token' : 'code'));
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
		access_token: tokenStore.issue('access', grant),
		expires: clock.seconds() + ACCESS_TOKEN_SECONDS,
		expires_in: ACCESS_TOKEN_SECONDS,
		scope: 'app',
		domain: new URL(authorizationServer).host,
		server_endpoint: `${authorizationServer}/rest/`,
		status: app.status,
		client_endpoint: `${portalUrl}/rest/`,
		member_id: memberId,
		user_id: grant.userId,
		refresh_token: tokenStore.issue('refresh', grant),
	};
}
