import { z } from 'zod';

import type { N8nSession } from './N8nSession.mjs';

const nodeType = z
	.object({
		/** With its package, e.g. `n8n-nodes-base.set`. */
		name: z.string(),
		displayName: z.string(),
		version: z.union([z.number(), z.array(z.number())]),
		/** The one that a new node gets, where there are several. */
		defaultVersion: z.number().optional(),
		webhooks: z.array(z.unknown()).optional(),
	})
	.passthrough();

/** A node's description as the editor gets it. */
export type NodeType = z.infer<typeof nodeType>;

/** The version that a new node of a type gets. */
export function newestVersion({ version, defaultVersion }: Pick<NodeType, 'version' | 'defaultVersion'>): number {
	return defaultVersion ?? Math.max(...[version].flat());
}

/** Every node that this n8n has loaded, one entry a version group. */
export async function nodeTypes(session: N8nSession): Promise<NodeType[]> {
	return await session.get('/types/nodes.json', z.array(nodeType));
}

const option = z.object({
	name: z.string(),
	value: z.union([z.string(), z.number(), z.boolean()]),
	description: z.string().optional(),
});

/** One entry of a list that a node loads. */
export type LoadedOption = z.infer<typeof option>;

/** What the editor sends along when it opens a list that a node loads. */
export interface LoadOptionsRequest {
	/** With its package, e.g. `n8n-nodes-bitrix24-triggers.bitrix24Trigger`. */
	nodeType: string;
	/** The node's `loadOptionsMethod`. */
	methodName: string;
	parameters?: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
}

/**
 * Opens a list that a node loads by `loadOptionsMethod`.
 *
 * @throws {N8nRequestError} with what the node's method threw
 */
export async function loadOptions(session: N8nSession, request: LoadOptionsRequest): Promise<LoadedOption[]> {
	const type = (await nodeTypes(session)).find(({ name }) => name === request.nodeType);
	if (!type) throw new Error(`This n8n has no node ${request.nodeType}`);
	const answer = await session.send('POST', '/rest/dynamic-node-parameters/options', {
		path: 'parameters',
		methodName: request.methodName,
		nodeTypeAndVersion: { name: request.nodeType, version: newestVersion(type) },
		currentNodeParameters: request.parameters ?? {},
		credentials: request.credentials ?? {},
	});
	return z.array(option).parse(answer);
}
