import autocannon from 'autocannon';

import type { WorkflowNode } from '../../host/index.mjs';
import { phpForm } from '../../simulator/index.mjs';
import { Trigger } from '../../test/e2e/support/Trigger.mjs';
import type { World } from '../../test/e2e/support/world.mjs';
import type { Part } from '../report/Part.mjs';
import { median, quantile } from '../report/statistics.mjs';
import { quiet } from './quiet.mjs';
import { useWorld } from './useWorld.mjs';

const atLeast = 97;
const connections = 10;

/** What both workflows do with what arrives. */
const behind: WorkflowNode = { name: 'Nothing', type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };

/** Where something is posted to, and what has become of it so far. */
interface Candidate {
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
		name: 'The same with "Header Auth"',
		path: 'benchmark-proven',
		parameters: { authentication: 'headerAuth' },
		credentials: { httpHeaderAuth: { id, name: label } },
	};
	return await webhookNode(world, draft, { [name]: value });
}

async function deliver(world: World, { url, id, name, headers: own }: Candidate, seconds: number) {
	const body = phpForm({ ...world.portal.delivery('ONCRMLEADDELETE', { FIELDS: { ID: '1000983' } }) });
	const headers = { 'content-type': 'application/x-www-form-urlencoded', ...own };
	const result = await autocannon({ url, method: 'POST', headers, body, connections, duration: seconds });
	if (result.non2xx + result.errors > 0) throw new Error(`${name} has not accepted every delivery`);
	await quiet(world, id);
	return { rate: result['2xx'] / result.duration, latency: result.latency.p50 };
}

/** Deliveries per second that a real n8n accepts, through our trigger and through its own Webhook node by turns. */
export const http: Part = {
	name: 'http',
	async run({ quick }) {
		const [rounds, seconds] = quick ? [1, 2] : [6, 4];
		return await useWorld({}, async (world) => {
			const ours = await bitrix24(world);
			const theirs = await webhookNode(world, { name: "n8n's Webhook node", path: 'benchmark' });
			const proving = await provingWebhookNode(world);
			const all = [theirs, proving, await outgoingWebhook(world), ours];
			// The first deliveries are slow: code is compiled, caches are filled.
			for (const one of all) await deliver(world, one, quick ? 1 : 5);
			for (let round = 0; round < rounds; round++) {
				for (const one of round % 2 === 0 ? all : all.toReversed()) {
					const { rate, latency } = await deliver(world, one, seconds);
					one.rates.push(rate);
					one.latencies.push(latency);
				}
			}
			const against = (other: Candidate) => ours.rates.map((rate, round) => (rate / (other.rates[round] ?? NaN)) * 100);
			const percent = median(against(theirs));
			const shares = [theirs, proving].map((other) => {
				const ratios = against(other);
				const seen = [quantile(ratios, 0), median(ratios), Math.max(...ratios)];
				return [other.name, ...seen.map((ratio) => `${ratio.toFixed(0)} %`)];
			});
			return {
				tables: [
					{
						title: `Deliveries a second that n8n accepts, ${connections} at once, one empty node behind, ${rounds} rounds of ${seconds} s by turns`,
						columns: ['', 'Deliveries/s (median)', 'Latency (ms, median)'],
						rows: all.map(({ name, rates, latencies }) => [
							name,
							median(rates).toFixed(0),
							median(latencies).toFixed(0),
						]),
					},
					{
						title: "Bitrix24 Trigger's rate in percent of another's, by round",
						columns: ['', 'Least', 'Median', 'Most'],
						rows: shares,
					},
				],
				targets: [
					{
						what: "Rate against n8n's own Webhook node",
						target: `at least ${atLeast} %`,
						measured: `${percent.toFixed(0)} %`,
						isMet: percent >= atLeast,
					},
				],
			};
		});
	},
};
