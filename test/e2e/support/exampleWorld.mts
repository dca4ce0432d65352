import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Accounts, type ExampleName, readExample } from '../../../demo/readExample.mjs';
import type { Execution, WorkflowNode } from '../../../host/index.mjs';
import { FakeServices, serviceAccount, SPREADSHEET } from './fakeServices.mjs';
import { openWorld, type World } from './world.mjs';

/** Where the examples lie. */
export const EXAMPLES_FOLDER = join(__dirname, '../../../examples');

const RUN_MS = 60_000;
const RATE_MS = 6_000;

/** The lead that the tests delete. */
export const ACME = {
	ID: 1000983,
	TITLE: 'Acme Ltd',
	COMPANY_TITLE: 'Acme & Sons',
	PHONE: [{ VALUE: '+1 202 555 0143', VALUE_TYPE: 'WORK' }],
	ASSIGNED_BY_ID: '15',
	OPPORTUNITY: '2500.00',
	CURRENCY_ID: 'EUR',
};

/** A world in which the examples run to their end: Slack and Google Sheets are simulated too. */
export interface ExampleWorld extends World {
	services: FakeServices;
	/** The host of the portal. */
	host: string;
	/**
	 * Imports an example, chooses what has to be chosen, and activates it. Gives back the workflow's id.
	 *
	 * @param entered what a person writes into fields of its Edit Fields nodes, by field
	 */
	activate(name: ExampleName, entered?: Record<string, string>): Promise<string>;
	/** Waits for so many executions, and expects the newest to have succeeded. */
	succeeded(workflowId: string, count: number): Promise<Execution>;
}

export async function openExampleWorld(): Promise<ExampleWorld> {
	const services = new FakeServices();
	const outside = await services.open();
	const users = [
		{ id: 1, name: 'Vadim', lastName: 'Valeev', admin: true },
		{ id: 15, name: 'Olga', lastName: 'Orlova', admin: false },
	];
	const world = await openWorld({ portal: { users, leads: [] }, env: outside.env });
	const accounts = { ...world.credentials, ...(await otherAccounts(world)) };
	return {
		...world,
		services,
		host: new URL(world.portal.portalUrl).host,
		async activate(name, entered = {}) {
			const draft = await readExample(EXAMPLES_FOLDER, name, accounts);
			const { id } = await world.client.createWorkflow({
				...draft,
				nodes: draft.nodes.map((node) => fillIn(node, entered)),
			});
			const outcome = await world.client.activate(id);
			if (!outcome.active) throw new Error(`n8n refused "${draft.name}": ${outcome.message}`);
			// Activations use up what may be asked of a portal at once, and a name is asked for at once or never.
			await sleep(RATE_MS);
			return id;
		},
		async succeeded(workflowId, count) {
			const executions = await world.client.waitForExecutions(workflowId, count, RUN_MS);
			const newest = executions.at(-1);
			if (newest?.status !== 'success') throw new Error(`It ended as ${newest?.status}: ${newest?.error}`);
			return newest;
		},
		async close() {
			await world.close();
			await outside.stop();
		},
	};
}

/** What is in an example's file. */
export async function exampleText(name: ExampleName): Promise<string> {
	return await readFile(join(EXAMPLES_FOLDER, `${name}.json`), 'utf8');
}

async function otherAccounts({ client }: World): Promise<Accounts> {
	const slack = { name: 'Slack', type: 'slackApi', data: { accessToken: 'xoxb-example' } };
	const google = { name: 'Google', type: 'googleApi', data: serviceAccount() };
	return {
		slackApi: { id: await client.createCredential(slack), name: slack.name },
		googleApi: { id: await client.createCredential(google), name: google.name },
	};
}

/**
 * What a person enters beside credentials. A service account, since connecting a Google account needs Google; and nobody
 * waits for an hour.
 */
function fillIn(node: WorkflowNode, entered: Record<string, string>): WorkflowNode {
	const changed = (parameters: object) => ({ ...node, parameters: { ...node.parameters, ...parameters } });
	switch (node.type) {
		case 'n8n-nodes-bitrix24-triggers.bitrix24QueueTrigger':
			return changed({ checkEvery: 5 });
		case 'n8n-nodes-base.scheduleTrigger':
			return changed({ rule: { interval: [{ field: 'seconds', secondsInterval: 3 }] } });
		case 'n8n-nodes-base.set': {
			const { assignments } = Object(node.parameters?.assignments);
			const fields = Array.isArray(assignments) ? assignments : [];
			const filledIn = fields.map((field) => ({ ...field, value: entered[field.name] ?? field.value }));
			return changed({ assignments: { assignments: filledIn } });
		}
		case 'n8n-nodes-base.googleSheets': {
			const url = `https://docs.google.com/spreadsheets/d/${SPREADSHEET}/edit`;
			return changed({ documentId: { __rl: true, mode: 'url', value: url }, authentication: 'serviceAccount' });
		}
		default:
			return node;
	}
}
