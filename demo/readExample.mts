import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { WorkflowDraft, WorkflowNode } from '../host/index.mjs';

/** The example workflows, by the names of their files in `examples/`. */
export const EXAMPLES = [
	'new-lead-to-slack',
	'deleted-lead-to-slack',
	'deleted-lead-to-google-sheets',
	'lead-archive-keep',
	'lead-archive-deleted-lead',
	'queue-deleted-lead',
	'watch-registrations',
] as const;

export type ExampleName = (typeof EXAMPLES)[number];

/** Credentials to choose, by type. */
export type Accounts = Record<string, { id: string; name: string }>;

const example = z
	.object({
		name: z.string(),
		nodes: z.array(
			z
				.object({
					name: z.string(),
					type: z.string(),
					typeVersion: z.number(),
					position: z.tuple([z.number(), z.number()]),
					parameters: z.record(z.unknown()),
				})
				.passthrough(),
		),
		connections: z.record(z.unknown()),
		settings: z.record(z.unknown()),
	})
	.strip();

/** The credential types of nodes that come with n8n. */
const CREDENTIALS: Record<string, string> = {
	'n8n-nodes-base.slack': 'slackApi',
	'n8n-nodes-base.googleSheets': 'googleApi',
};

/**
 * Reads an example, and chooses credentials in it as a person does after importing it.
 *
 * @param folder where the examples lie
 * @param accounts those that there are; a node whose type of credential is not among them is left without
 */
export async function readExample(folder: string, name: ExampleName, accounts: Accounts): Promise<WorkflowDraft> {
	const file = join(folder, `${name}.json`);
	const { nodes, ...rest } = example.parse(JSON.parse(await readFile(file, 'utf8')));
	return { ...rest, nodes: nodes.map((node) => choose(node, accounts)) };
}

function choose(node: WorkflowNode, accounts: Accounts): WorkflowNode {
	const type = credentialType(node);
	const account = type === undefined ? undefined : accounts[type];
	return type === undefined || account === undefined ? node : { ...node, credentials: { [type]: account } };
}

function credentialType({ type, parameters }: WorkflowNode): string | undefined {
	if (type.startsWith('n8n-nodes-bitrix24-triggers.')) return 'bitrix24OAuth2Api';
	const predefined = parameters?.nodeCredentialType;
	return typeof predefined === 'string' ? predefined : CREDENTIALS[type];
}
