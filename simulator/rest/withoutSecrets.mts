const SECRETS = new Set(['auth', 'access_token', 'refresh_token', 'client_secret']);

/** The parameters without tokens and secrets, for the log and for `event.test`, which does not echo the token. */
export function withoutSecrets(params: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(params).filter(([name]) => !SECRETS.has(name.toLowerCase())));
}
