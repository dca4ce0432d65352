import type { WorkflowNode } from '../../host/index.mjs';
import { Trigger } from '../../test/e2e/support/Trigger.mjs';
import type { World } from '../../test/e2e/support/world.mjs';

/** What every workflow does with what arrives. */
const behind: WorkflowNode = { name: 'Nothing', type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };

/** Where something is posted to, and what has become of it so far. */
export interface Candidate {
	name: string;
	id: string;
	url: string;
	headers: Record<string, string>;
	rates: number[];
	latencies: number[];
}

const candidate = (name: string, id: string, url: string, headers = {}): Candidate => ({
	name,
	id,
	url,
	headers,
	rates: [],
	latencies: [],
});

async function bitrix24(world: World): Promise<Candidate> {
	const trigger = await Trigger.active(world, { name: 'Bitrix24 Trigger, app', then: [behind] });
	return candidate('Bitrix24 Trigger, app', trigger.id, trigger.url);
}

/** The same with a credential in which n8n has no expression to evaluate. */
async function outgoingWebhook(world: World): Promise<Candidate> {
	const name = 'Bitrix24 Trigger, outgoing webhook';
	const type = 'bitrix24OutgoingWebhookApi';
	const data = { applicationToken: world.portal.app.applicationToken };
	const id = await world.client.createCredential({ name: type, type, data });
	const trigger = await Trigger.active(world, {
		name,
		parameters: { authentication: 'outgoingWebhook' },
		credentials: { [type]: { id, name: type } },
		then: [behind],
	});
	return candidate(name, trigger.id, trigger.url);
}

async function webhookNode(
	{ client, n8n }: World,
	{
		name,
		path,
		...authentication
	}: { name: string; path: string; parameters?: object; credentials?: WorkflowNode['credentials'] },
	headers?: Record<string, string>,
): Promise<Candidate> {
	const parameters = {
		httpMethod: 'POST',
		path,
		responseMode: 'onReceived',
		options: {},
		...authentication.parameters,
	};
	const webhook = { name: 'Webhook', type: 'n8n-nodes-base.webhook', typeVersion: 2, ...authentication, parameters };
	const { id } = await client.createWorkflow({ name, nodes: [webhook, behind] });
	const outcome = await client.activate(id);
	if (!outcome.active) throw new Error(outcome.message);
	return candidate(name, id, `${n8n.webhookUrl}webhook/${path}`, headers);
}

/** The Webhook node with a secret to prove: like our trigger, it reads a credential for each delivery. */
async function provingWebhookNode(world: World): Promise<Candidate> {
	const [name, value] = ['x-token', 'a-secret-of-this-benchmark'];
	const label = 'Header';
	const id = await world.client.createCredential({ name: label, type: 'httpHeaderAuth', data: { name, value } });
	const draft = {
		name: 'n8n\'s Webhook node with "Header Auth"',
		path: 'benchmark-proven',
		parameters: { authentication: 'headerAuth' },
		credentials: { httpHeaderAuth: { id, name: label } },
	};
	return await webhookNode(world, draft, { [name]: value });
}

/** Everything that deliveries are posted to. */
export interface Candidates {
	webhook: Candidate;
	provingWebhook: Candidate;
	outgoingWebhook: Candidate;
	app: Candidate;
}

/** Makes their workflows, and activates them. */
export async function openCandidates(world: World): Promise<Candidates> {
	return {
		webhook: await webhookNode(world, { name: "n8n's Webhook node", path: 'benchmark' }),
		provingWebhook: await provingWebhookNode(world),
		outgoingWebhook: await outgoingWebhook(world),
		app: await bitrix24(world),
	};
}
