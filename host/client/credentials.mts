import { decode } from 'html-entities';
import { z } from 'zod';

import type { N8nSession } from './N8nSession.mjs';

/** A credential as a person fills it in. */
export interface CredentialForm {
	name: string;
	/** e.g. `bitrix24OAuth2Api` */
	type: string;
	data: Record<string, unknown>;
}

const stored = z.object({ id: z.string(), name: z.string(), type: z.string() });
const withData = stored.extend({ data: z.record(z.unknown()) });
const verdict = z.object({ status: z.enum(['OK', 'Error']), message: z.string() });

/** What "Test" of a credential says. */
export type CredentialTest = z.infer<typeof verdict>;

/** Saves a new credential and gives back its id. */
export async function createCredential(session: N8nSession, form: CredentialForm): Promise<string> {
	return stored.parse(await session.send('POST', '/rest/credentials', form)).id;
}

/** The credential as the editor shows it: secrets blanked, `oauthTokenData` true when an account is connected. */
export async function getCredential(session: N8nSession, id: string): Promise<z.infer<typeof withData>> {
	return await session.get(`/rest/credentials/${id}?includeData=true`, withData);
}

/** Saves changed fields: those that are not given stay, secrets and the connected account included. */
export async function updateCredential(
	session: N8nSession,
	id: string,
	changes: Partial<Pick<CredentialForm, 'name' | 'data'>>,
): Promise<void> {
	const before = await getCredential(session, id);
	await session.send('PATCH', `/rest/credentials/${id}`, {
		name: changes.name ?? before.name,
		type: before.type,
		// What n8n has blanked comes back blanked, and is then taken from what it has stored.
		data: { ...before.data, ...changes.data },
	});
}

/** Deletes a credential; workflows that name it stay as they are. */
export async function deleteCredential(session: N8nSession, id: string): Promise<void> {
	await session.send('DELETE', `/rest/credentials/${id}`);
}

/** Tests a saved credential as the editor does after saving. */
export async function credentialTest(session: N8nSession, id: string): Promise<CredentialTest> {
	const { name, type, data } = await getCredential(session, id);
	return verdict.parse(await session.send('POST', '/rest/credentials/test', { credentials: { id, name, type, data } }));
}

const CALLBACK = '/rest/oauth2-credential/callback';
const MOST_REDIRECTS = 10;

/**
 * Does what a click on "Connect my account" does: asks n8n where to go, goes there, and comes back to n8n's callback
 * in the same browser, which n8n checks by a cookie.
 *
 * @throws when the callback reports a failure (with its words), or when the way does not lead back to n8n, as with a
 *   page that waits for a person's consent
 */
export async function connectOAuth2(session: N8nSession, credentialId: string): Promise<void> {
	let url = await session.get(`/rest/oauth2-credential/auth?id=${encodeURIComponent(credentialId)}`, z.string().url());

	for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
		const response = await session.open(url);
		const page = await response.text();
		const next = response.headers.get('location');

		if (response.status >= 300 && response.status < 400 && next !== null) {
			url = new URL(next, url).href;
			continue;
		}
		if (!url.startsWith(`${session.url}${CALLBACK}`)) {
			throw new Error(
				`The way to connect the account ended at ${new URL(url).origin}${new URL(url).pathname} ` +
					`(HTTP ${response.status}) instead of n8n's callback: ${page.slice(0, 300)}`,
			);
		}
		const failure = callbackFailure(page);
		if (failure !== undefined) throw new Error(`n8n could not connect the account: ${failure}`);
		return;
	}
	throw new Error(`More than ${MOST_REDIRECTS} redirects on the way to connect the account`);
}

/** What n8n's callback page reports, or undefined when it reports success. */
function callbackFailure(page: string): string | undefined {
	if (!page.includes('Failed to connect')) return undefined;
	const message = /<h4>Error: ([^]*?)<\/h4>/.exec(page)?.[1]?.trim();
	const reason = /<pre class='reason'>([^]*?)<\/pre>/.exec(page)?.[1]?.trim();
	return decode([message ?? 'Failed to connect', reason].filter((part) => part !== undefined).join(': '));
}
