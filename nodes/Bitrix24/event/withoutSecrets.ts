import type { Json } from './json';
import type { Tree } from './tree';

// Bots' events carry a whole `auth` of their own inside `data`, tokens included.
const secretKey = /^(?:access_?token|refresh_?token|application_?token|client_?secret|app_?sid)$/i;

/**
 * Copies a payload's value without the tokens that can stand anywhere in it.
 *
 * @param value any part of a payload
 * @param secrets texts that must not appear as a value either (the delivery's own tokens)
 */
export function withoutSecrets(value: Tree, secrets: ReadonlySet<string>): Tree;
export function withoutSecrets(value: Json, secrets: ReadonlySet<string>): Json;
export function withoutSecrets(value: Json, secrets: ReadonlySet<string>): Json {
	if (typeof value === 'string') return secrets.has(value) ? '' : value;
	if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, secrets));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([key]) => !secretKey.test(key))
			.map(([key, item]) => [key, withoutSecrets(item, secrets)]),
	);
}

/**
 * The tokens that an event's `auth` carries.
 *
 * @param auth as delivered
 */
export function secretsOf(
	auth: Partial<Record<'access_token' | 'refresh_token' | 'application_token', string>>,
): Set<string> {
	const tokens = [auth.access_token, auth.refresh_token, auth.application_token];
	return new Set(tokens.filter((token) => token !== undefined));
}
