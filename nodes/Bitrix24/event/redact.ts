import { decodeForm } from './formBody';
import type { Json, PayloadValue } from './payload';
import { isRecord } from './payload';

// Under these names stand tokens: in `auth`, in the `auth` of its own that a bot's event carries inside `data`, in
// ONAPPMETHODCONFIRM, and where Bitrix24 opens an app's page.
const secretKey =
	/^(?:access_?token|refresh_?token|application_?token|client_?secret|auth_?id|refresh_?id|app_?sid|token)$/i;

// Bitrix24's tokens have 32 characters and more; a shorter string could stand in any other by chance.
const minSecretLength = 16;

/**
 * Collects every secret that a payload names, wherever it stands.
 *
 * @param value any part of a payload
 * @returns strings of 16 characters and more
 */
export function secretsIn(value: Json | undefined): Set<string> {
	const secrets = new Set<string>();
	collect(value, false, secrets);
	return secrets;
}

function collect(value: Json | undefined, isSecret: boolean, secrets: Set<string>): void {
	if (typeof value === 'string') {
		if (isSecret && value.length >= minSecretLength) secrets.add(value);
	} else if (typeof value === 'object' && value !== null) {
		for (const [key, item] of Object.entries(value)) collect(item, isSecret || standsForSecret(key, item), secrets);
	}
}

/** `auth` is the name of a token where it is a string (or several, where it stood twice), and of a set of named values elsewhere. */
function standsForSecret(key: string, item: Json): boolean {
	return secretKey.test(key) || (/^auth$/i.test(key) && [item].flat().some((one) => typeof one === 'string'));
}

/**
 * Copies a payload's value without its secrets: what stands under the name of one is left out, as is a key that holds
 * one; a string that is or holds one becomes empty.
 *
 * @param value any part of a payload
 * @param secrets from `secretsIn` of the whole payload
 */
export function redact(value: string, secrets: ReadonlySet<string>): string;
export function redact(value: PayloadValue, secrets: ReadonlySet<string>): PayloadValue;
export function redact(value: Json, secrets: ReadonlySet<string>): Json;
export function redact(value: Json, secrets: ReadonlySet<string>): Json {
	if (typeof value === 'string') return holdsSecret(value, secrets) ? '' : value;
	if (Array.isArray(value)) return value.map((item) => redact(item, secrets));
	if (!isRecord(value)) return value;
	const shown: Array<[string, Json]> = [];
	for (const [key, item] of Object.entries(value)) {
		if (!standsForSecret(key, item) && !holdsSecret(key, secrets)) shown.push([key, redact(item, secrets)]);
	}
	return Object.fromEntries(shown);
}

// A link within a link is encoded twice.
const maxDecodings = 3;

/** Whether a string is or holds one of the secrets, as it is or percent-encoded, as in a link. */
export function holdsSecret(text: string, secrets: ReadonlySet<string>): boolean {
	let shown = text;
	for (let decodings = 0; decodings <= maxDecodings; decodings++) {
		for (const secret of secrets) if (shown.includes(secret)) return true;
		const decoded = decodeForm(shown);
		if (decoded === shown) return false;
		shown = decoded;
	}
	return false;
}

// A link to a file carries the access token of whoever reads the record: `auth=` in its query. Links stand in texts too,
// there with `&amp;`, or percent-encoded (also more than once) as part of another link.
const encoded = (codes: string) => `%(?:25)*(?:${codes})`;
const authInLink = new RegExp(
	`(?<=[?&;]|${encoded('3F|26|3B')})auth(?:=|${encoded('3D')})` +
		`(?:(?!${encoded('26|3B|23|20|22|27|3C|3E')})[^&;#\\s"'<>\\\\])*(?:&amp;|&|${encoded('26amp%(?:25)*3B|26')})?`,
	'gi',
);

/** Copies a record that REST returned without the access tokens in its links. */
export function redactLinks(value: Json): Json {
	if (typeof value === 'string') return value.replace(authInLink, '');
	if (Array.isArray(value)) return value.map(redactLinks);
	if (!isRecord(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactLinks(item)]));
}
