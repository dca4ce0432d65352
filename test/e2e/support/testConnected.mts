import { z } from 'zod';

import type { World } from './world.mjs';

const verdict = z.object({ status: z.enum(['OK', 'Error']), message: z.string() });

/**
 * Tests a connected OAuth2 credential through n8n's public API, with an API key made for it: the editor itself has no
 * test for OAuth2 credentials, so the session that drives it can not ask for one.
 */
export async function testConnected(
	{ client, n8n }: Pick<World, 'client' | 'n8n'>,
	credentialId: string,
): Promise<z.infer<typeof verdict>> {
	const form = { label: `test of ${credentialId}`, scopes: ['credential:read'], expiresAt: null };
	const made = await client.session.send('POST', '/rest/api-keys', form);
	const { id, rawApiKey } = z.object({ id: z.string(), rawApiKey: z.string() }).parse(made);
	try {
		const answer = await fetch(`${n8n.url}/api/v1/credentials/${credentialId}/test`, {
			method: 'POST',
			headers: { 'X-N8N-API-KEY': rawApiKey },
		});
		return verdict.parse(await answer.json());
	} finally {
		await client.session.send('DELETE', `/rest/api-keys/${id}`);
	}
}
