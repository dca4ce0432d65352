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
