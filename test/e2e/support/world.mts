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
	/** The same n8n with another portal and a credential connected to that: tests that run at once do not meet. */
	beside(portal?: SimulatorOptions): Promise<World>;
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

/** These tests are faster than people are: the portal's rate limit has tests of its own. */
export const NO_RATE_LIMIT = { perSecond: 1000, burst: 1000 };

/** So many leads that nobody has asked for by name. */
export const manyLeads = (count: number): Array<Record<string, unknown>> => Array.from({ length: count }, () => ({}));

/** What has to be ended, the last first. */
export class Closing {
	private readonly ends: Array<() => unknown> = [];

	add(end: () => unknown): void {
		this.ends.push(end);
	}

	async run(): Promise<void> {
		for (const end of this.ends.splice(0).reverse()) await end();
	}
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

/** An n8n that runs, and what is to be ended with it. */
export type Running = Pick<World, 'n8n' | 'client' | 'userFolder'> & { closing: Closing };

/** Starts a portal, and connects an n8n to it. */
export async function meet({ closing, ...running }: Running, options: SimulatorOptions = {}): Promise<World> {
	const portal = await startSimulator({ rate: NO_RATE_LIMIT, ...options });
	closing.add(async () => await portal.stop());
	return {
		...running,
		portal,
		credentials: await connect(running, portal),
		beside: async (more) => await meet({ closing, ...running }, more),
		async close() {
			// While its portals are still there: what closes asks them for something.
			await running.n8n.stop();
			await closing.run();
		},
	};
}

/** Starts a world of its own for a test file: about ten seconds. */
export async function openWorld({ portal, env, webhookUrl, furnish }: WorldOptions = {}): Promise<World> {
	const install = preparedInstall();
	const closing = new Closing();
	try {
		const userFolder = await mkdtemp(join(tmpdir(), 'n8n-nodes-bitrix24-triggers-e2e-'));
		closing.add(async () => await rm(userFolder, { recursive: true, force: true }));
		await installCommunityPackage({ tarball: install.tarball, userFolder, nodeBinary: install.nodeBinary });
		await furnish?.(userFolder);
		// By default n8n works on few activations at once, and repeats a refused one for a quarter of a minute.
		const settings = { N8N_WORKFLOW_PUBLICATION_CONCURRENCY: '20', ...env };
		const n8n = await startN8n({ install, userFolder, env: settings, webhookUrl });
		closing.add(async () => await n8n.stop());
		const client = new N8nClient(n8n.url);
		await client.setUpOwner();
		return await meet({ n8n, client, userFolder, closing }, portal);
	} catch (error) {
		await closing.run();
		throw error;
	}
}
