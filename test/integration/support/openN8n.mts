import { prepareN8nCore } from './n8nCore.mjs';

import type { ICredentialDataDecryptedObject, INode, INodeParameters, INodeType } from 'n8n-workflow';

import { newestVersion } from '../../../host/index.mjs';
import type { Simulator } from '../../../simulator/index.mjs';
import { connectedCredential } from './connectedCredential.mjs';
import { MemoryCredentials } from './MemoryCredentials.mjs';
import { StoredWorkflow } from './StoredWorkflow.mjs';
import { TestN8n } from './TestN8n.mjs';
import { webhookServer } from './webhookServer.mjs';

/** What a small n8n starts with. */
export interface N8nOptions {
	nodeType: INodeType;
	portal: Simulator;
	/** What the user chose in the node's form. */
	parameters?: INodeParameters;
	/** Who connected the OAuth2 credential; by default the portal's administrator. */
	userId?: number;
	/** Fields of the credentials in place of those that fit the portal; null for a credential that is not chosen. */
	oAuth2?: ICredentialDataDecryptedObject | null;
	outgoingWebhook?: ICredentialDataDecryptedObject;
}

/** A small n8n that is up. */
export interface OpenN8n {
	n8n: TestN8n;
	/** The node in the workflow; what is changed in it holds from now on. */
	node: INode;
	/** Settles when its webhooks have done all their work, that after their answers included. */
	idle(): Promise<void>;
	close(): Promise<void>;
}

/** Starts a small n8n with one workflow of one node, connected with a simulated portal. Nothing is activated yet. */
export async function openN8n(options: N8nOptions): Promise<OpenN8n> {
	const removeFolder = prepareN8nCore();
	const { nodeType, portal, parameters = {}, userId, oAuth2 = {}, outgoingWebhook } = options;
	const credentials = new MemoryCredentials();
	const node: INode = {
		id: 'node-1',
		name: nodeType.description.displayName,
		type: `n8n-nodes-bitrix24-triggers.${nodeType.description.name}`,
		typeVersion: newestVersion(nodeType.description),
		position: [0, 0],
		webhookId: '7c7a0a2e-6a1c-4d43-9d7f-0d2f5c1a1a11',
		parameters,
		credentials: {},
	};
	if (oAuth2 !== null) {
		const data = { ...connectedCredential(portal, userId), ...oAuth2 };
		Object.assign(node.credentials ?? {}, { bitrix24OAuth2Api: await credentials.save('bitrix24OAuth2Api', data) });
	}
	if (outgoingWebhook) {
		const saved = await credentials.save('bitrix24OutgoingWebhookApi', outgoingWebhook);
		Object.assign(node.credentials ?? {}, { bitrix24OutgoingWebhookApi: saved });
	}
	const n8n = new TestN8n(new StoredWorkflow(nodeType, node), credentials);
	const server = await webhookServer(async (request, response, isTest) => await n8n.receive(request, response, isTest));
	n8n.baseUrl = server.url;
	return {
		n8n,
		node,
		idle: server.idle,
		async close() {
			await server.idle();
			await server.stop();
			removeFolder();
		},
	};
}
