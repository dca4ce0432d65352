import type { EventAuth } from './event';
import type { Json, PayloadValue } from './payload';

// Bots' events carry a whole `auth` of their own inside `data`, tokens included.
const secretKey = /^(?:access_?token|refresh_?token|application_?token|client_?secret|app_?sid)$/i;

// Bitrix24's tokens have 32 characters and more; a shorter string could stand in any other by chance.
const minSecretLength = 16;

/**
 * Copies a payload's value without the tokens that can stand anywhere in it: a key that is or holds one is left out, a
 * string that is or holds one becomes empty.
 *
 * @param value any part of a payload
 * @param secrets strings that must not appear either (the delivery's own tokens)
 */
export function redact(value: string, secrets: ReadonlySet<string>): string;
export function redact(value: PayloadValue, secrets: ReadonlySet<string>): PayloadValue;
export function redact(value: Json, secrets: ReadonlySet<string>): Json;
export function redact(value: Json, secrets: ReadonlySet<string>): Json {
	if (typeof value === 'string') return holdsSecret(value, secrets) ? '' : value;
	if (Array.isArray(value)) return value.map((item) => redact(item, secrets));
	if (typeof value !== 'object' || value === null) return value;
	const shown: Array<[string, Json]> = [];
	for (const [key, item] of Object.entries(value)) {
		if (!secretKey.test(key) && !holdsSecret(key, secrets)) shown.push([key, redact(item, secrets)]);
	}
	return Object.fromEntries(shown);
}

function holdsSecret(text: string, secrets: ReadonlySet<string>): boolean {
	if (secrets.has(text)) return true;
	for (const secret of secrets) if (secret.length >= minSecretLength && text.includes(secret)) return true;
	return false;
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

// Everything of `auth` that is documented, less the tokens.
const authKeysShown = [
	'domain',
	'member_id',
	'client_endpoint',
	'server_endpoint',
	'scope',
	'status',
	'expires',
	'expires_in',
	'user_id',
] as const satisfies ReadonlyArray<keyof EventAuth>;

/** Who sent an event, without the tokens. */
export type RedactedAuth = { [key in (typeof authKeysShown)[number]]?: string };

/**
 * Copies what may be shown of `auth`. A string in it that is or holds a token is left out, too.
 *
 * @param auth as delivered
 * @param secrets the delivery's own tokens
 */
export function redactAuth(auth: EventAuth, secrets: ReadonlySet<string>): RedactedAuth {
	const shown: RedactedAuth = {};
	for (const key of authKeysShown) {
		const text = auth[key];
		if (text !== undefined && redact(text, secrets) === text) shown[key] = text;
	}
	return shown;
}
