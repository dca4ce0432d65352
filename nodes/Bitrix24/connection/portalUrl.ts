import type { CredentialMismatch } from '../api/response';

/**
 * The portal's address from what a person typed or pasted: spaces, a trailing slash and a path are forgiven, a missing
 * scheme means https, a given one stays.
 *
 * The credential's `authUrl` expression says the same in n8n's expression language; a test holds the two together.
 *
 * @param typed `https://your-company.bitrix24.com`, `your-company.bitrix24.com/crm/`, ` http://127.0.0.1:8024/ `
 * @returns `https://your-company.bitrix24.com`, null when it is no address
 */
export function parsePortalUrl(typed: string): string | null {
	const address = typed.trim();
	const withScheme = /^https?:\/\//i.test(address) ? address : `https://${address}`;
	const url = parseUrl(withScheme);
	return url === null ? null : `${url.protocol}//${url.host}`;
}

/** Not by URL.canParse: Node.js 20's, once compiled, takes a letter such as ü for no part of an address. */
export function parseUrl(address: string): URL | null {
	try {
		return new URL(address);
	} catch {
		return null;
	}
}

/**
 * The host of an address, in the one form in which two can be compared: capitals, Unicode or punycode, a trailing dot and
 * a default port make no difference. A delivery names its portal without a scheme, so the default ports of both count.
 *
 * @param address as typed or delivered, with or without a scheme
 * @returns `host` or `host:port`, null when it is no address
 */
export function comparableHost(address: string): string | null {
	const origin = parsePortalUrl(address);
	if (origin === null) return null;
	const { hostname, port } = new URL(origin);
	const name = hostname.replace(/\.$/, '');
	return ['', '80', '443'].includes(port) ? name : `${name}:${port}`;
}

const cisPortal = /\.bitrix24\.(?:ru|by|kz|uz)\.?$/;
const worldwide = 'oauth.bitrix.info';

/**
 * Whether a credential asks for access where a portal in the CIS does not hand it out: its address ends in a domain of
 * the CIS, and the authorization server is the one for the rest of the world (Bitrix24's SDKs name both).
 *
 * @param portal the portal's address, without a path
 * @param authorizationServer the authorization server's address; null stands for the worldwide one
 */
export function usesWrongRegion(portal: string, authorizationServer: string | null): boolean {
	const server = authorizationServer === null ? worldwide : comparableHost(authorizationServer);
	return cisPortal.test(new URL(portal).hostname) && server === worldwide;
}

/**
 * Compares what the user entered with what the authorization server answered when the account was connected. A
 * difference alone proves nothing: a renamed portal has a new address and still answers at its old one. It explains why
 * the portal, or the renewal, refuses an access token.
 *
 * @param entered addresses as the credential names them
 * @param clientEndpoint the portal's REST address in the token data
 * @param serverEndpoint the authorization server's own in the token data
 */
export function findMismatch(
	entered: { portal: string; authorizationServer: string | null },
	clientEndpoint: string | undefined,
	serverEndpoint: string | undefined,
): CredentialMismatch | null {
	return (
		compare('portal', clientEndpoint, entered.portal) ??
		compare('authorizationServer', serverEndpoint, entered.authorizationServer)
	);
}

function compare(
	about: CredentialMismatch['about'],
	connectedAt: string | undefined,
	enteredAs: string | null,
): CredentialMismatch | null {
	const connected = parseUrl(connectedAt ?? '');
	const entered = parseUrl(enteredAs ?? '');
	if (connected === null || entered === null) return null;
	if (comparableHost(connected.origin) === comparableHost(entered.origin)) return null;
	return { about, connected: connected.origin, entered: entered.origin };
}
