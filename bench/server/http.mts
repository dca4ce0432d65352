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
	rates: number[];
	latencies: number[];
}

const candidate = (name: string, id: string, url: string): Candidate => ({ name, id, url, rates: [], latencies: [] });

async function bitrix24(world: World): Promise<Candidate> {
	const trigger = await Trigger.active(world, { name: 'Bitrix24 Trigger', then: [behind] });
	return candidate('Bitrix24 Trigger', trigger.id, trigger.url);
}

async function webhookNode({ client, n8n }: World): Promise<Candidate> {
	const parameters = { httpMethod: 'POST', path: 'benchmark', responseMode: 'onReceived', options: {} };
	const webhook = { name: 'Webhook', type: 'n8n-nodes-base.webhook', typeVersion: 2, parameters };
	const { id } = await client.createWorkflow({ name: 'Webhook', nodes: [webhook, behind] });
	const outcome = await client.activate(id);
	if (!outcome.active) throw new Error(outcome.message);
	return candidate("n8n's Webhook node", id, `${n8n.webhookUrl}webhook/benchmark`);
}

async function deliver(world: World, { url, id, name }: Candidate, seconds: number) {
	const body = phpForm({ ...world.portal.delivery('ONCRMLEADDELETE', { FIELDS: { ID: '1000983' } }) });
	const headers = { 'content-type': 'application/x-www-form-urlencoded' };
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
			const theirs = await webhookNode(world);
			// The first deliveries are slow: code is compiled, caches are filled.
			for (const one of [theirs, ours]) await deliver(world, one, quick ? 1 : 5);
			for (let round = 0; round < rounds; round++) {
				for (const one of round % 2 === 0 ? [theirs, ours] : [ours, theirs]) {
					const { rate, latency } = await deliver(world, one, seconds);
					one.rates.push(rate);
					one.latencies.push(latency);
				}
			}
			const ratios = ours.rates.map((rate, round) => (rate / (theirs.rates[round] ?? NaN)) * 100);
			const percent = median(ratios);
			return {
				tables: [
					{
						title: `Deliveries a second that n8n accepts, ${connections} at once, one empty node behind, ${rounds} rounds of ${seconds} s by turns`,
						columns: ['', 'Deliveries/s (median)', 'Latency (ms, median)'],
						rows: [theirs, ours].map(({ name, rates, latencies }) => [
							name,
							median(rates).toFixed(0),
							median(latencies).toFixed(0),
						]),
					},
					{
						title: "Bitrix24 Trigger's rate in percent of the Webhook node's, by round",
						columns: ['Least', 'Median', 'Most'],
						rows: [[quantile(ratios, 0), percent, Math.max(...ratios)].map((ratio) => `${ratio.toFixed(0)} %`)],
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
