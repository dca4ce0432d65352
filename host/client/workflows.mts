import { randomUUID } from 'node:crypto';

import pWaitFor from 'p-wait-for';
import { z } from 'zod';

import { N8nRequestError, type N8nSession } from './N8nSession.mjs';
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

/**
 * Saves a new version of the draft: only what is given changes. Nodes that are given by the name of a stored one keep
 * its id and webhook address. An active workflow goes on running its old version until it is activated again.
 */
export async function updateWorkflow(
	session: N8nSession,
	workflowId: string,
	changes: Partial<WorkflowDraft>,
): Promise<StoredWorkflow> {
	const kept = new Map(
		(await session.get(`/rest/workflows/${workflowId}`, stored)).nodes.map((node) => [node.name, node]),
	);
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

/** What became of an activation: of a refusal n8n keeps the message and nothing else. */
export type ActivationOutcome = { active: true } | { active: false; message: string };

const POLL_MS = 100;
/** n8n itself gives up on a publication after a minute and a half. */
const PATIENCE_MS = 120_000;

const workflowVersion = z.object({ versionId: z.string() });

const publication = z.object({
	status: z.enum(['in_progress', 'not_published', 'published', 'partial', 'failed']),
	triggers: z.array(z.object({ status: z.string(), errorMessage: z.string().nullish() })),
});

type Publication = z.infer<typeof publication>;

/**
 * Activates ("publishes") the workflow's newest version and waits for n8n's verdict. A refusal takes some 16 seconds:
 * n8n tries five times.
 */
export async function activate(session: N8nSession, workflowId: string): Promise<ActivationOutcome> {
	const { versionId } = await session.get(`/rest/workflows/${workflowId}`, workflowVersion);
	try {
		await session.send('POST', `/rest/workflows/${workflowId}/activate`, { versionId });
	} catch (error) {
		if (error instanceof N8nRequestError && error.status < 500) return { active: false, message: error.answer };
		throw error;
	}
	const outcome = await waitForPublication(
		session,
		workflowId,
		({ status }) => status !== 'in_progress' && status !== 'not_published',
	);
	if (outcome === undefined || outcome.status === 'published') return { active: true };
	return { active: false, message: message(outcome) };
}

/** Deactivates the workflow and waits until n8n has taken its triggers down. Harmless when it is not active. */
export async function deactivate(session: N8nSession, workflowId: string): Promise<void> {
	await session.send('POST', `/rest/workflows/${workflowId}/deactivate`, {});
	await waitForPublication(session, workflowId, ({ status }) => status !== 'in_progress' && status !== 'published');
}

/** n8n works on publications in the background: waits for the first status that `settled` accepts. */
async function waitForPublication(
	session: N8nSession,
	workflowId: string,
	settled: (publication: Publication) => boolean,
): Promise<Publication | undefined> {
	const deadline = Date.now() + PATIENCE_MS;
	const look = async () => {
		const current = await publicationStatus(session, workflowId);
		if (current === undefined || settled(current)) return pWaitFor.resolveWith(current);
		if (Date.now() <= deadline) return false;
		throw new Error(`n8n has not finished with workflow ${workflowId} after ${PATIENCE_MS / 1000} seconds`);
	};
	return await pWaitFor(look, { interval: POLL_MS });
}

/** undefined where n8n publishes as it did before 2.41, at once: it is done when it answers. */
async function publicationStatus(session: N8nSession, workflowId: string): Promise<Publication | undefined> {
	try {
		return await session.get(`/rest/workflows/${workflowId}/publication-status`, publication);
	} catch (error) {
		if (error instanceof N8nRequestError && error.status === 404) return undefined;
		throw error;
	}
}

function message(outcome: Publication): string {
	const messages = outcome.triggers.flatMap(({ errorMessage }) => errorMessage ?? []);
	return messages.length > 0 ? messages.join('\n') : `The publication ended as "${outcome.status}"`;
}
