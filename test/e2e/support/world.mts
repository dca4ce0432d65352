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
}

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
export async function openWorld({ portal: portalOptions, env, webhookUrl }: WorldOptions = {}): Promise<World> {
	const install = preparedInstall();
	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-nodes-bitrix24-e2e-'));
	const portal = await startSimulator(portalOptions);
	await installCommunityPackage({ tarball: install.tarball, userFolder, nodeBinary: install.nodeBinary });
	const n8n = await startN8n({ install, userFolder, env, webhookUrl });
	portal.app.redirectUri = `${n8n.url}/rest/oauth2-credential/callback`;
	const client = new N8nClient(n8n.url);
	await client.setUpOwner();
	const name = 'Bitrix24';
	const id = await client.createCredential({ name, type: 'bitrix24OAuth2Api', data: credentialFor(portal) });
	await client.connectOAuth2(id);
	return {
		portal,
		n8n,
		client,
		userFolder,
		credentials: { bitrix24OAuth2Api: { id, name } },
		async close() {
			await n8n.stop();
			await portal.stop();
			await rm(userFolder, { recursive: true, force: true });
		},
	};
}
