/**
 * What the credential says in one place and denies in another: it was edited after it was connected, or connected in a
 * window that belonged to another portal.
 */
export interface Contradiction {
	about: 'portal' | 'authorizationServer';
	/** The address, without a path, that the credential was connected with. */
	connected: string;
	/** The one that stands in the credential. */
	entered: string;
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
export function contradictionOf(
	entered: { portal: string; authorizationServer: string | null },
	clientEndpoint: string | undefined,
	serverEndpoint: string | undefined,
): Contradiction | null {
	return (
		compare('portal', clientEndpoint, entered.portal) ??
		compare('authorizationServer', serverEndpoint, entered.authorizationServer)
	);
}

function compare(
	about: Contradiction['about'],
	connectedAt: string | undefined,
	enteredAs: string | null,
): Contradiction | null {
	const connected = read(connectedAt);
	const entered = read(enteredAs);
	if (connected === null || entered === null || connected.host === entered.host) return null;
	return { about, connected: connected.origin, entered: entered.origin };
}

function read(address: string | null | undefined): URL | null {
	return address && URL.canParse(address) ? new URL(address) : null;
}
