const portalInCis = /\.bitrix24\.(?:ru|by|kz|uz)$/;
const worldwide = 'oauth.bitrix.info';

/**
 * Whether a credential asks for access where a portal in the CIS does not hand it out: its address ends in a domain of
 * the CIS, and the authorization server is the one for the rest of the world (Bitrix24's SDKs name both).
 *
 * @param portal the portal's address, without a path
 * @param authorizationServer the authorization server's address; null stands for the worldwide one
 */
export function asksElsewhere(portal: string, authorizationServer: string | null): boolean {
	const server = authorizationServer === null ? worldwide : new URL(authorizationServer).host;
	return portalInCis.test(new URL(portal).hostname) && server === worldwide;
}
