import type { EventAuth } from './parseEvent';
import { withoutSecrets } from './withoutSecrets';

// Everything of `auth` that is documented, less the tokens.
const shownKeys = [
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
export type ShownAuth = { [key in (typeof shownKeys)[number]]?: string };

/**
 * Copies what may be shown of `auth`. A text in it that is or holds a token is left out, too.
 *
 * @param auth as delivered
 * @param secrets the delivery's own tokens
 */
export function shownAuth(auth: EventAuth, secrets: ReadonlySet<string>): ShownAuth {
	const shown: ShownAuth = {};
	for (const key of shownKeys) {
		const text = auth[key];
		if (text !== undefined && withoutSecrets(text, secrets) === text) shown[key] = text;
	}
	return shown;
}
