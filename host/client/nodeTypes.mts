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
