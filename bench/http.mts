import autocannon from 'autocannon';

import type { WorkflowNode } from '../host/index.mjs';
import { phpForm } from '../simulator/index.mjs';
import { Trigger } from '../test/e2e/support/Trigger.mjs';
import { until } from '../test/e2e/support/until.mjs';
import type { World } from '../test/e2e/support/world.mjs';
import { withRealN8n } from './realN8n.mjs';
import { median, type Part, target } from './report.mjs';

const behind: WorkflowNode = { name: 'Nothing', type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };

/** A way to run n8n, and what an app's rate is aimed at there, in percent of which of n8n's own. */
interface Setting {
	env: Record<string, string>;
	against: 'the Webhook node' | '"Header Auth"';
	atLeast: number;
}

/** n8n makes an isolate for expressions whether there are any or not, only where there are, or never. */
const settings: Record<string, Setting> = {
	default: { env: {}, against: '"Header Auth"', atLeast: 97 },
	lazy: { env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' }, against: 'the Webhook node', atLeast: 95 },
	legacy: { env: { N8N_EXPRESSION_ENGINE: 'legacy' }, against: 'the Webhook node', atLeast: 95 },
};

interface Receiver {
	id: string;
	url: string;
	headers?: Record<string, string>;
}

/** What is measured, by turns. */
const receivers: Record<string, (world: World) => Promise<Receiver>> = {
	"n8n's Webhook node": async (world) => await webhookNode(world, 'plain'),
	"n8n's Webhook node, a credential elsewhere in the workflow": webhookBesideCredential,
	'n8n\'s Webhook node with "Header Auth"': headerAuthNode,
	'Bitrix24 Trigger, outgoing webhook': outgoingWebhookTrigger,
	'Bitrix24 Trigger, app': async (world) => await Trigger.active(world, { then: [behind] }),
};

/** Deliveries a second that a real n8n accepts, through our trigger and through its own Webhook node by turns. */
export const http: Part = {
	name: 'http',
	async run({ quick, setting }) {
		const chosen = Object.entries(settings).filter(([name]) => setting === undefined || name === setting);
		if (chosen.length === 0) throw new Error(`The settings are ${Object.keys(settings).join(', ')}`);
		const [rounds, seconds] = quick ? [1, 2] : [6, 4];
		const columns: string[][] = [];
		const targets: string[][] = [];
		let headline;
		for (const [, { env, against, atLeast }] of chosen) {
			const [how = 'n8n as it comes'] = Object.entries(env).map(([key, value]) => `\`${key}=${value}\``);
			const measured = await withRealN8n({ env }, async (world) => await measureByTurns(world, rounds, seconds));
			const [webhook = [], , headerAuth = [], , app = []] = measured;
			const shares = (rates: number[]) => `${share(rates, webhook)} %, ${share(rates, headerAuth)} %`;
			// Ours stand last, with their shares.
			const cells = measured.map((rates, row) => `${median(rates).toFixed(0)}${row < 3 ? '' : ` (${shares(rates)})`}`);
			columns.push([how, ...cells]);
			const rate = share(app, against === '"Header Auth"' ? headerAuth : webhook);
			const what = `An app's rate against ${against}, ${how}`;
			targets.push(target(what, `at least ${atLeast} %`, `${rate} %`, rate >= atLeast));
			headline ??= [
				'Deliveries a second that n8n accepts for an app (for its own Webhook node with "Header Auth")',
				`${median(app).toFixed(0)} (${median(headerAuth).toFixed(0)})`,
			];
		}
		const title = `Deliveries a second (in percent of n8n's Webhook node, without and with "Header Auth"), 10 at once, one empty node behind: ${rounds} rounds of ${seconds} s by turns`;
		const names = ['', ...Object.keys(receivers)];
		const rows = names.map((name, row) => [name, ...columns.map((column) => column[row] ?? '')]);
		return { tables: { [title]: rows }, targets, headline };
	},
};

/** A rate in percent of another one, within a round: the machine is not as fast in every one. */
function share(rates: number[], of: number[]): number {
	return Math.round(median(rates.map((rate, round) => (rate / (of[round] ?? NaN)) * 100)));
}

/** @returns the rates of each receiver, by round */
async function measureByTurns(world: World, rounds: number, seconds: number): Promise<number[][]> {
	const all: Array<{ name: string; receiver: Receiver; rates: number[] }> = [];
	for (const [name, open] of Object.entries(receivers)) all.push({ name, receiver: await open(world), rates: [] });
	// The first round does not count: code is compiled, caches are filled.
	for (let round = 0; round <= rounds; round++) {
		for (const { name, receiver, rates } of round % 2 === 0 ? all : all.toReversed()) {
			const rate = await deliver(world, receiver, seconds);
			console.log(`${name}: ${rate.toFixed(0)} deliveries/s`);
			if (round > 0) rates.push(rate);
		}
	}
	return all.map(({ rates }) => rates);
}

async function deliver(world: World, { id, url, headers: own }: Receiver, duration: number) {
	const body = phpForm({ ...world.portal.delivery('ONCRMLEADDELETE', { FIELDS: { ID: '1000983' } }) });
	const headers = { 'content-type': 'application/x-www-form-urlencoded', ...own };
	const result = await autocannon({ url, method: 'POST', headers, body, connections: 10, duration });
	if (result.non2xx + result.errors > 0) throw new Error(`${url} has not accepted every delivery`);
	const counts = ['new', 'running'].map((status) => async () => (await world.client.executions(id, { status })).length);
	for (const left of counts) await until('n8n has run everything', async () => (await left()) === 0, 300_000, 200);
	return result['2xx'] / result.duration;
}

/** A credential in which n8n has no expression to evaluate. */
async function outgoingWebhookTrigger(world: World): Promise<Receiver> {
	const [name, data] = ['bitrix24OutgoingWebhookApi', { applicationToken: world.portal.app.applicationToken }];
	const id = await world.client.createCredential({ name, type: name, data });
	return await Trigger.active(world, {
		parameters: { authentication: 'outgoingWebhook' },
		credentials: { [name]: { id, name } },
		then: [behind],
	});
}

/** Before each run n8n asks its database whether the workflow may use the credentials that its nodes name. */
async function webhookBesideCredential(world: World): Promise<Receiver> {
	const idle = { ...behind, name: 'Bitrix24', type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2 };
	const parameters = { authentication: 'predefinedCredentialType', nodeCredentialType: 'bitrix24OAuth2Api' };
	return await webhookNode(world, 'beside', undefined, [{ ...idle, parameters, credentials: world.credentials }]);
}

/** A secret to verify: like our trigger, it reads a credential for each delivery. */
async function headerAuthNode(world: World): Promise<Receiver> {
	const [type, header] = ['httpHeaderAuth', { name: 'x-token', value: 'a-secret-of-this-benchmark' }];
	const id = await world.client.createCredential({ name: type, type, data: header });
	const receiver = await webhookNode(world, 'header-auth', { [type]: { id, name: type } });
	return { ...receiver, headers: { [header.name]: header.value } };
}

async function webhookNode(
	world: World,
	path: string,
	credentials?: WorkflowNode['credentials'],
	aside: WorkflowNode[] = [],
): Promise<Receiver> {
	const authentication = credentials === undefined ? 'none' : 'headerAuth';
	const parameters = { httpMethod: 'POST', path, responseMode: 'onReceived', options: {}, authentication };
	const webhook = { name: 'Webhook', type: 'n8n-nodes-base.webhook', typeVersion: 2, parameters, credentials };
	const connections = { Webhook: { main: [[{ node: behind.name, type: 'main', index: 0 }]] } };
	const { id } = await world.client.createWorkflow({ name: path, nodes: [webhook, behind, ...aside], connections });
	const outcome = await world.client.activate(id);
	if (!outcome.active) throw new Error(outcome.message);
	return { id, url: `${world.n8n.webhookUrl}webhook/${path}` };
}
