import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import getPort from 'get-port';

import {
	installCommunityPackage,
	installN8n,
	N8nClient,
	type N8nProcess,
	packOnce,
	progressLine,
	startN8n,
	type StoredWorkflow,
} from '../host/index.mjs';
import { type Simulator, startSimulator } from '../simulator/index.mjs';
import type { Cleanup } from './Cleanup.mjs';
import { exampleWorkflow } from './exampleWorkflow.mjs';
import type { Steps } from './Steps.mjs';

/** A real n8n beside a simulated portal, connected, with an active workflow. */
export interface Demo {
	portal: Simulator;
	n8n: N8nProcess;
	client: N8nClient;
	/** The connected credential. */
	account: { id: string; name: string };
	workflow: StoredWorkflow;
}

const HOST = '127.0.0.1';
/** Where n8n and the portal are found if nothing else is there. */
const N8N_PORT = 5678;
const PORTAL_PORT = 8024;
const CREDENTIAL = 'Bitrix24 account';

async function connect(client: N8nClient, portal: Simulator): Promise<{ id: string; name: string }> {
	const id = await client.createCredential({
		name: CREDENTIAL,
		type: 'bitrix24OAuth2Api',
		data: {
			portalUrl: portal.portalUrl,
			authorizationServer: portal.authorizationServer,
			clientId: portal.app.clientId,
			clientSecret: portal.app.clientSecret,
		},
	});
	await client.connectOAuth2(id);
	return { id, name: CREDENTIAL };
}

/**
 * Prepares everything, anew each time: only the installed n8n and the packed package are kept for the next one.
 *
 * @param cleanup learns how everything is stopped, as soon as it runs
 * @throws one line for people
 */
export async function openDemo(steps: Steps, cleanup: Cleanup): Promise<Demo> {
	const install = await steps.run(
		'Looking for n8n',
		async (tell) => await installN8n({ onProgress: (progress) => tell(progressLine(progress)) }),
		({ version }) => `n8n ${version} is installed`,
	);
	const tarball = await steps.run(
		'Building the package',
		async () => await packOnce(),
		() => 'The package is built and packed',
	);
	const portal = await steps.run(
		'Starting a simulated Bitrix24 portal',
		async () => await startSimulator({ port: await getPort({ host: HOST, port: PORTAL_PORT }) }),
		({ portalUrl }) => `A simulated Bitrix24 portal runs at ${portalUrl}`,
	);
	cleanup.add(async () => await portal.stop());

	const n8n = await steps.run(
		'Starting n8n with the package in it',
		async () => {
			const userFolder = await mkdtemp(join(tmpdir(), 'n8n-nodes-bitrix24-triggers-demo-'));
			cleanup.add(async () => await rm(userFolder, { recursive: true, force: true }));
			await installCommunityPackage({ tarball, userFolder, nodeBinary: install.nodeBinary });
			return await startN8n({ install, userFolder, port: await getPort({ host: HOST, port: N8N_PORT }) });
		},
		({ url }) => `n8n runs at ${url}`,
	);
	cleanup.add(async () => await n8n.stop());

	const client = new N8nClient(n8n.url);
	const account = await steps.run(
		'Connecting n8n to the portal',
		async () => {
			// As in the card of a real app: where the portal sends the browser back to.
			portal.app.redirectUri = `${n8n.url}/rest/oauth2-credential/callback`;
			await client.setUpOwner();
			return await connect(client, portal);
		},
		({ name }) => `n8n is connected to the portal: credential "${name}"`,
	);
	const workflow = await steps.run(
		'Activating an example workflow',
		async () => {
			const stored = await client.createWorkflow(exampleWorkflow(account));
			const outcome = await client.activate(stored.id);
			if (!outcome.active) throw new Error(`n8n did not activate the workflow: ${outcome.message}`);
			return stored;
		},
		({ name }) => `The workflow "${name}" is active`,
	);
	return { portal, n8n, client, account, workflow };
}
