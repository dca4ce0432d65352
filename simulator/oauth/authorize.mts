import type { RequestHandler, Response } from 'express';
import { html } from '../page/html.mjs';
import { layout } from '../page/layout.mjs';
import type { Portal } from '../portal/portal.mjs';

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
		code: portal.tokenStore.issueCode({ appId: app.id, userId: currentUserId }),
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
