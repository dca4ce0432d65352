import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { installCommunityPackage, N8nClient, type N8nProcess, startN8n } from '../../../host/index.mjs';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../../simulator/index.mjs';
import { preparedInstall } from './preparedInstall.mjs';

/** A real n8n with the packed package in it, beside a simulated portal, and a person at n8n's editor. */
export interface World {
	portal: Simulator;
	n8n: N8nProcess;
	client: N8nClient;
	/** n8n's `.n8n` lies below it. */
	userFolder: string;
	/** A connected OAuth2 credential, as a workflow names it. */
	credentials: { bitrix24OAuth2Api: { id: string; name: string } };
	close(): Promise<void>;
}

/** What a world starts with, beside its defaults. */
export interface WorldOptions {
	portal?: SimulatorOptions;
	/** Further settings of n8n. */
	env?: Record<string, string>;
	webhookUrl?: string;
	/** Does something to n8n's user folder after the package was installed, and before n8n starts. */
	furnish?(userFolder: string): Promise<void>;
}

/** These tests are faster than people are: the portal's rate limit has a test of its own. */
export const NO_RATE_LIMIT = { perSecond: 1000, burst: 1000 };

/** The form of the OAuth2 credential for a simulated portal. */
export function credentialFor(portal: Simulator): Record<string, string> {
	return {
		portalUrl: portal.portalUrl,
		authorizationServer: portal.authorizationServer,
		clientId: portal.app.clientId,
		clientSecret: portal.app.clientSecret,
		applicationToken: '',
	};
}

/** Starts a world of its own for a test file: about fifteen seconds. */
export async function openWorld({
	portal: portalOptions,
	env,
	webhookUrl,
	furnish,
}: WorldOptions = {}): Promise<World> {
	const install = preparedInstall();
	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-nodes-bitrix24-e2e-'));
	const closing = [async () => await rm(userFolder, { recursive: true, force: true })];
	const close = async () => {
		for (const end of closing.splice(0).reverse()) await end();
	};
	try {
		const portal = await startSimulator({ rate: NO_RATE_LIMIT, ...portalOptions });
		closing.push(async () => await portal.stop());
		await installCommunityPackage({ tarball: install.tarball, userFolder, nodeBinary: install.nodeBinary });
		await furnish?.(userFolder);
		const n8n = await startN8n({ install, userFolder, env, webhookUrl });
		closing.push(async () => await n8n.stop());
		const client = new N8nClient(n8n.url);
		await client.setUpOwner();
		return { portal, n8n, client, userFolder, credentials: await connect({ client }, portal), close };
	} catch (error) {
		await close();
		throw error;
	}
}

/** Makes a credential for a portal and connects it. @param changes to its form */
export async function connect(
	{ client }: Pick<World, 'client'>,
	portal: Simulator,
	changes: Record<string, string> = {},
): Promise<World['credentials']> {
	portal.app.redirectUri = `${client.session.url}/rest/oauth2-credential/callback`;
	const name = 'Bitrix24';
	const data = { ...credentialFor(portal), ...changes };
	const id = await client.createCredential({ name, type: 'bitrix24OAuth2Api', data });
	await client.connectOAuth2(id);
	return { bitrix24OAuth2Api: { id, name } };
}
