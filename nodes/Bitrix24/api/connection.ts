import { z } from 'zod';

import { asksElsewhere } from './asksElsewhere';
import type { Contradiction } from './contradiction';
import { contradictionOf } from './contradiction';
import { portalOrigin } from './portalOrigin';

const text = z.string().trim();
const optionalText = text.optional().catch(undefined);

const credential = z.object({
	portalUrl: text.transform(portalOrigin),
	clientId: text.min(1),
	// Challenges are signed with it: an empty one would sign for everybody.
	clientSecret: text.min(1),
	applicationToken: text.catch(''),
	authorizationServer: text.transform(portalOrigin).catch(null),
	oauthTokenData: z
		.object({
			access_token: optionalText,
			member_id: optionalText,
			client_endpoint: optionalText,
			server_endpoint: optionalText,
			scope: optionalText,
			status: optionalText,
			callbackQueryString: z.object({ member_id: optionalText }).optional().catch(undefined),
		})
		.optional()
		.catch(undefined),
});

/** A connected app, from its credential. */
export interface Connection {
	/** The portal's address, without a path. */
	origin: string;
	clientId: string;
	clientSecret: string;
	/** The app's application token as the user gave it, null when it is to be learned. */
	applicationToken: string | null;
	/** The portal's identity: it stays when the portal is renamed. */
	memberId: string;
	/** The app's permissions, in lower case. Empty when the authorization server named none. */
	scope: string[];
	/** The portal's REST address as the authorization server gave it. */
	endpoint: string | null;
	/** The app's status letter, `L` for a local one. */
	status: string | undefined;
	/** Where the credential and its token contradict each other. */
	contradiction: Contradiction | null;
}

/** Why a credential is of no use yet. */
export type NotConnected = 'portalUrl' | 'notConnected' | 'notConnectedInCis';

/**
 * Reads the OAuth2 credential.
 *
 * @param data the credential's decrypted data
 * @returns the connection, or what is missing: a portal URL that is an address, or a connected account
 */
export function connectionOf(
	data: unknown,
): { ok: true; connection: Connection } | { ok: false; missing: NotConnected } {
	const parsed = credential.safeParse(data);
	if (!parsed.success) return { ok: false, missing: 'notConnected' };
	const { portalUrl: origin, authorizationServer, clientId, clientSecret, applicationToken } = parsed.data;
	const { oauthTokenData: token } = parsed.data;
	if (origin === null) return { ok: false, missing: 'portalUrl' };
	const memberId = token?.member_id ?? token?.callbackQueryString?.member_id;
	if (!token?.access_token || !memberId) {
		return { ok: false, missing: asksElsewhere(origin, authorizationServer) ? 'notConnectedInCis' : 'notConnected' };
	}
	const entered = { portal: origin, authorizationServer };
	return {
		ok: true,
		connection: {
			origin,
			clientId,
			clientSecret,
			applicationToken: applicationToken === '' ? null : applicationToken,
			memberId,
			scope: (token.scope ?? '')
				.toLowerCase()
				.split(/[\s,]+/)
				.filter((part) => part !== ''),
			endpoint: token.client_endpoint ?? null,
			status: token.status,
			contradiction: contradictionOf(entered, token.client_endpoint, token.server_endpoint),
		},
	};
}
