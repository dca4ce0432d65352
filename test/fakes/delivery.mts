import { stringify } from 'qs';

import secrets from '../fixtures/secrets.json' with { type: 'json' };
import { connectedApp } from './credentials.mjs';

type Payload = { [key: string]: unknown };

/** What `auth` of an app's event carries. */
export const appAuth = {
	domain: 'some-domain.bitrix24.com',
	member_id: connectedApp.oauthTokenData.member_id,
	application_token: secrets.applicationToken,
	client_endpoint: 'https://some-domain.bitrix24.com/rest/',
	server_endpoint: 'https://oauth.bitrix.info/rest/',
	scope: 'crm',
	status: 'L',
	access_token: secrets.eventAccessToken,
	refresh_token: secrets.eventRefreshToken,
	expires: '1742810799',
	expires_in: '3600',
	user_id: '1',
};

/** The keys of `auth` that an outgoing webhook's event has. */
export const webhookAuth = {
	domain: appAuth.domain,
	client_endpoint: appAuth.client_endpoint,
	server_endpoint: appAuth.server_endpoint,
	member_id: appAuth.member_id,
	application_token: secrets.applicationToken,
};

/** A deleted lead, as an app's handler receives it. */
export function leadDeleted({ auth, ...changes }: Payload = {}): Payload {
	return {
		event: 'ONCRMLEADDELETE',
		event_handler_id: '711',
		data: { FIELDS: { ID: '1000983' } },
		ts: '1742807199',
		auth: auth ?? appAuth,
		...changes,
	};
}

/** The delivery that `event.test` causes. */
export function testEvent(challenge: unknown, auth: Payload = appAuth): Payload {
	return leadDeleted({ event: 'ONAPPTEST', data: { QUERY: { challenge }, LANGUAGE_ID: 'en' }, auth });
}

/** Writes a payload as Bitrix24 posts it. */
export function formOf(payload: Payload): string {
	return stringify(payload, { arrayFormat: 'indices' });
}
