import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import type { N8nSession } from './N8nSession.mjs';
import { newestVersion, type NodeType, nodeTypes } from './nodeTypes.mjs';

/** A node as a caller writes it: what the editor would fill in may be left out. */
export interface WorkflowNode {
	name: string;
	type: string;
	typeVersion?: number;
	parameters?: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	position?: [number, number];
	id?: string;
	webhookId?: string;
	disabled?: boolean;
}

/** A workflow as a caller writes it. */
export interface WorkflowDraft {
	name: string;
	nodes: WorkflowNode[];
	/** From node to nodes; default: the nodes in a row. */
	connections?: Record<string, unknown>;
	settings?: Record<string, unknown>;
}

const stored = z.object({
	id: z.string(),
	name: z.string(),
	versionId: z.string(),
	nodes: z.array(z.object({ id: z.string(), name: z.string(), webhookId: z.string().optional() }).passthrough()),
});

/** A workflow as n8n keeps it: the draft. What runs in production is the version that was activated last. */
export type StoredWorkflow = z.infer<typeof stored>;

/** The nodes one after the other, as connections. */
export function inARow(nodes: WorkflowNode[]): Record<string, unknown> {
	return Object.fromEntries(
		nodes
			.slice(1)
			.map((node, index) => [nodes[index]?.name, { main: [[{ node: node.name, type: 'main', index: 0 }]] }]),
	);
}

/** What the editor fills in for a new node of a type. */
interface Filling {
	typeVersion: number;
	hasWebhook: boolean;
}

const fillings = new WeakMap<N8nSession, Promise<ReadonlyMap<string, Filling>>>();

function fillingOf(type: NodeType): Filling {
	return { typeVersion: newestVersion(type), hasWebhook: (type.webhooks ?? []).length > 0 };
}

/** By node type, as far as n8n had loaded them at the first look: the list is megabytes long. */
async function fillingsOf(session: N8nSession): Promise<ReadonlyMap<string, Filling>> {
	const known =
		fillings.get(session) ??
		nodeTypes(session).then((types) => new Map(types.map((type) => [type.name, fillingOf(type)])));
	fillings.set(session, known);
	return await known;
}

/**
 * Fills in what the editor fills in when a node is dropped on the canvas: without `webhookId`, n8n would make the
 * webhook's address from the workflow's id and the node's name.
 */
async function complete(session: N8nSession, nodes: WorkflowNode[]): Promise<WorkflowNode[]> {
	const types = await fillingsOf(session);
	return nodes.map((node, index) => {
		const { typeVersion, hasWebhook } = types.get(node.type) ?? { typeVersion: 1, hasWebhook: false };
		return {
			id: randomUUID(),
			position: [index * 220, 0] as [number, number],
			typeVersion,
			parameters: {},
			...(hasWebhook ? { webhookId: randomUUID() } : {}),
			...node,
		};
	});
}

/** Saves a new workflow, inactive. */
export async function createWorkflow(session: N8nSession, draft: WorkflowDraft): Promise<StoredWorkflow> {
	const nodes = await complete(session, draft.nodes);
	return stored.parse(
		await session.send('POST', '/rest/workflows', {
			name: draft.name,
			nodes,
			connections: draft.connections ?? inARow(nodes),
			settings: { executionOrder: 'v1', ...draft.settings },
			// n8n 1.x takes nothing for granted here.
			active: false,
		}),
	);
}

/** Reads a workflow's draft. */
export async function getWorkflow(session: N8nSession, workflowId: string): Promise<StoredWorkflow> {
	return await session.get(`/rest/workflows/${workflowId}`, stored);
}

/**
 * Saves a new version of the draft: only what is given changes. Nodes that are given by the name of a stored one keep
 * its id and webhook address. An active workflow goes on running its old version until it is activated again.
 */
export async function updateWorkflow(
	session: N8nSession,
	workflowId: string,
	changes: Partial<WorkflowDraft>,
): Promise<StoredWorkflow> {
	const kept = new Map((await getWorkflow(session, workflowId)).nodes.map((node) => [node.name, node]));
	const nodes = changes.nodes?.map((node) => {
		const before = kept.get(node.name);
		return before === undefined ? node : { id: before.id, webhookId: before.webhookId, ...node };
	});
	return stored.parse(
		await session.send('PATCH', `/rest/workflows/${workflowId}`, {
			...changes,
			...(nodes === undefined ? {} : { nodes: await complete(session, nodes) }),
		}),
	);
}
