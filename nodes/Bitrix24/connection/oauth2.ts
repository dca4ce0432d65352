import type { IAllExecuteFunctions } from 'n8n-workflow';

import { ActionableError } from '../api/errors';
import type { CredentialMismatch } from '../api/response';
import { isRecord, pickStrings } from '../event/payload';
import { findMismatch, parsePortalUrl, usesWrongRegion } from './portalUrl';

const formKeys = ['portalUrl', 'clientId', 'clientSecret', 'applicationToken', 'authorizationServer'] as const;
const tokenKeys = ['access_token', 'member_id', 'client_endpoint', 'server_endpoint', 'scope', 'status'] as const;

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
	/** The app's permissions, in lower case. Empty where neither the authorization server nor the consent page named any. */
	scope: string[];
	/** The portal's REST address as the authorization server gave it. */
	endpoint: string | null;
	/** The authorization server's REST address. */
	serverEndpoint: string;
	/** The app's status letter, `L` for a local one. */
	status: string | undefined;
	/** Where the credential and its token contradict each other. */
	mismatch: CredentialMismatch | null;
}

/** Why a credential is of no use yet. */
export type NotConnected = 'portalUrl' | 'notConnected' | 'notConnectedInCis';

/**
 * Reads the OAuth2 credential.
 *
 * @param data the credential's decrypted data
 * @returns the connection, or what is missing: a portal URL that is an address, or a connected account
 */
export function parseConnection(
	data: unknown,
): { ok: true; connection: Connection } | { ok: false; missing: NotConnected } {
	const given = pickStrings(data, formKeys);
	const clientId = trimmed(given.clientId);
	const clientSecret = trimmed(given.clientSecret);
	const applicationToken = trimmed(given.applicationToken);
	// Challenges are signed with the secret: an empty one would sign for everybody.
	if (clientId === '' || clientSecret === '') return { ok: false, missing: 'notConnected' };
	const origin = parsePortalUrl(given.portalUrl ?? '');
	if (origin === null) return { ok: false, missing: 'portalUrl' };
	const oauthTokenData = valueAt(data, 'oauthTokenData');
	const token = pickStrings(oauthTokenData, tokenKeys);
	const callback = pickStrings(valueAt(oauthTokenData, 'callbackQueryString'), ['member_id', 'scope']);
	const memberId = token.member_id ?? callback.member_id;
	const authorizationServer = parsePortalUrl(given.authorizationServer ?? '');
	if (token.access_token === undefined || memberId === undefined) {
		return {
			ok: false,
			missing: usesWrongRegion(origin, authorizationServer) ? 'notConnectedInCis' : 'notConnected',
		};
	}
	return {
		ok: true,
		connection: {
			origin,
			clientId,
			clientSecret,
			applicationToken: applicationToken === '' ? null : applicationToken,
			memberId,
			scope: readScope(token.scope) ?? readScope(callback.scope) ?? [],
			endpoint: token.client_endpoint ?? null,
			serverEndpoint: token.server_endpoint ?? `${authorizationServer ?? 'https://oauth.bitrix.info'}/rest/`,
			status: token.status,
			mismatch: findMismatch({ portal: origin, authorizationServer }, token.client_endpoint, token.server_endpoint),
		},
	};
}

/** The token answer's `scope` is often the one word `app`: then the query that the consent page sent back has them. */
function readScope(text = ''): string[] | null {
	const permissions = text
		.toLowerCase()
		.split(/[\s,]+/)
		.filter((part) => part !== '');
	return permissions.length === 0 || permissions.join() === 'app' ? null : permissions;
}

function valueAt(map: unknown, key: string): unknown {
	return isRecord(map) ? map[key] : undefined;
}

function trimmed(text = ''): string {
	return text.trim();
}

/** The part of n8n's contexts that a client is opened with. */
export type CredentialContext = Pick<IAllExecuteFunctions, 'helpers'> & {
	getCredentials(type: string): Promise<unknown>;
};

// Bitrix24 sends the browser to the address in the app's card, whatever n8n asks for.
const redirectHint =
	'If the window that opens does not end with n8n\'s own "Connection successful", compare "Your handler path" in the app\'s card in Bitrix24 with the OAuth Redirect URL that the credential shows: they must be the same.';

const missingAdvice: Record<NotConnected | 'credential', [problem: string, remedy: string]> = {
	credential: [
		'The Bitrix24 credential of this node is missing or cannot be read.',
		'Open the node and choose a Bitrix24 OAuth2 API credential that is connected.',
	],
	portalUrl: [
		'The portal URL in the credential is not an address.',
		'Enter the address in your browser when you work in Bitrix24, such as https://your-company.bitrix24.com.',
	],
	notConnected: [
		'The Bitrix24 credential is not connected yet.',
		`Open the Bitrix24 OAuth2 API credential and choose "Connect my account". ${redirectHint}`,
	],
	notConnectedInCis: [
		'The Bitrix24 credential is not connected yet, and portals in the CIS (such as bitrix24.ru, .by and .kz) use another authorization server than the one that it names.',
		`Open the Bitrix24 OAuth2 API credential, enter https://oauth.bitrix24.tech as authorization server and choose "Connect my account". ${redirectHint}`,
	],
};

/**
 * Reads the node's OAuth2 credential.
 *
 * @throws ActionableError when it is not connected, or there is none
 */
export async function readConnection(context: CredentialContext): Promise<Connection> {
	// n8n's own reasons (none chosen, deleted, encrypted with another key) have one remedy, and may hold details.
	const data: unknown = await context.getCredentials('bitrix24OAuth2Api').catch(() => null);
	const read = data === null ? ({ ok: false, missing: 'credential' } as const) : parseConnection(data);
	if (!read.ok) throw new ActionableError(...missingAdvice[read.missing]);
	return read.connection;
}
