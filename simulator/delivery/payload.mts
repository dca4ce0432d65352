import qs from 'qs';
import type { EventData } from '../events.mjs';
import { ACCESS_TOKEN_SECONDS } from '../oauth/tokenStore.mjs';
import type { Actor, Portal, SimulatedApp } from '../portal.mjs';

/** The body of a delivery, nested, before it is turned into a form. */
export interface Payload {
	event: string;
	event_handler_id: string;
	data: EventData;
	/** Unix seconds, when it leaves the queue. */
	ts: string;
	auth: Record<string, string>;
}

/** The nested payload of an event that leaves the queue now, in the order in which the portal writes it. */
export function payload(
	portal: Portal,
	event: string,
	handlerId: number,
	data: EventData,
	auth: Record<string, string>,
): Payload {
	return { event, event_handler_id: String(handlerId), data, ts: String(portal.clock.seconds()), auth };
}

/** `auth` for an app's handler: with a live token of the user who did it, if there was one. */
export function appAuth(portal: Portal, app: SimulatedApp, event: string, by: Actor): Record<string, string> {
	return {
		...(by === 'robot' ? {} : userToken(portal, app, event, by)),
		scope: app.scope.join(','),
		domain: portal.domain,
		server_endpoint: `${portal.authorizationServer}/rest/`,
		status: app.status,
		client_endpoint: `${portal.portalUrl}/rest/`,
		member_id: portal.memberId,
		...(by === 'robot' ? {} : { user_id: String(by) }),
		application_token: app.applicationToken,
	};
}

/** `auth` for an outgoing webhook: no app, so no tokens, scope, status or user. */
export function webhookAuth(portal: Portal, webhook: OutgoingWebhook): Record<string, string> {
	return {
		domain: portal.domain,
		client_endpoint: `${portal.portalUrl}/rest/`,
		server_endpoint: `${portal.authorizationServer}/rest/`,
		member_id: portal.memberId,
		application_token: webhook.applicationToken,
	};
}

function userToken(portal: Portal, app: SimulatedApp, event: string, userId: number): Record<string, string> {
	const grant = { appId: app.id, userId };
	return {
		access_token: portal.tokenStore.issue('access', grant),
		expires: String(portal.clock.seconds() + ACCESS_TOKEN_SECONDS),
		expires_in: String(ACCESS_TOKEN_SECONDS),
		// Only ONAPPINSTALL and ONOFFLINEEVENT promise a refresh token.
		...(event === 'ONOFFLINEEVENT' ? { refresh_token: portal.tokenStore.issue('refresh', grant) } : {}),
	};
}

/** An outgoing webhook: a handler that somebody entered by hand, with a secret of its own and no app behind it. */
export interface OutgoingWebhook {
	/** `event_handler_id` of its deliveries. */
	id: number;
	url: string;
	/** Upper case. */
	events: string[];
	/** The secret that Bitrix24 shows in the webhook's settings. */
	applicationToken: string;
}

/** The content type of every delivery. */
export const FORM_TYPE = 'application/x-www-form-urlencoded';

/**
 * A nested value as PHP's `http_build_query` writes it: `data%5BFIELDS%5D%5BID%5D=1`, spaces as `+`, true as 1 and false
 * as 0; null and empty arrays are absent.
 */
export function phpForm(payload: Record<string, unknown>): string {
	const filter = (_key: string, value: unknown) => (typeof value === 'boolean' ? Number(value) : value);
	return qs.stringify(payload, { encoder: urlencode, filter, skipNulls: true });
}

/** What a handler reads of a form: nested maps of strings, a PHP list as a map by index. */
export function readPhpForm(form: string): qs.ParsedQs {
	return qs.parse(form, { allowPrototypes: true, depth: 20, parameterLimit: Infinity, parseArrays: false });
}

/** PHP's `urlencode`: everything but letters, digits and `-_.` is escaped, a space becomes `+`. */
function urlencode(text: unknown): string {
	return encodeURIComponent(String(text))
		.replace(/[!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
		.replace(/%20/g, '+');
}
