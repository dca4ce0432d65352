import autocannon from 'autocannon';

import { phpForm } from '../../simulator/index.mjs';
import type { World } from '../../test/e2e/support/world.mjs';
import type { Findings, Part } from '../report/Part.mjs';
import { median, quantile } from '../report/statistics.mjs';
import { type Candidate, type Candidates, openCandidates } from './candidates.mjs';
import { quiet } from './quiet.mjs';
import { useWorld } from './useWorld.mjs';

const atLeast = 97;
const connections = 10;

/** A way to run n8n. */
interface Setting {
	how: string;
	env: Record<string, string>;
	/** What the trigger's rate is held against there. */
	against: ReadonlyArray<keyof Candidates>;
}

// An isolate for expressions whether there are any or not, one only where there are, and none at all.
const settings: readonly Setting[] = [
	{ how: 'n8n as it comes', env: {}, against: ['webhook'] },
	{
		how: '`N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true`',
		env: { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
		against: [],
	},
	{
		how: '`N8N_EXPRESSION_ENGINE=legacy`',
		env: { N8N_EXPRESSION_ENGINE: 'legacy' },
		against: ['webhook', 'provingWebhook'],
	},
];

async function deliver(world: World, { url, id, name, headers: own }: Candidate, seconds: number) {
	const body = phpForm({ ...world.portal.delivery('ONCRMLEADDELETE', { FIELDS: { ID: '1000983' } }) });
	const headers = { 'content-type': 'application/x-www-form-urlencoded', ...own };
	const result = await autocannon({ url, method: 'POST', headers, body, connections, duration: seconds });
	if (result.non2xx + result.errors > 0) throw new Error(`${name} has not accepted every delivery`);
	await quiet(world, id);
	return { rate: result['2xx'] / result.duration, latency: result.latency.p50 };
}

/** Delivers to all by turns, in rounds. */
async function measure(world: World, all: readonly Candidate[], rounds: number, seconds: number): Promise<void> {
	// The first deliveries are slow: code is compiled, caches are filled.
	for (const one of all) await deliver(world, one, seconds);
	for (let round = 0; round < rounds; round++) {
		for (const one of round % 2 === 0 ? all : all.toReversed()) {
			const { rate, latency } = await deliver(world, one, seconds);
			one.rates.push(rate);
			one.latencies.push(latency);
		}
	}
}

/** A rate in percent of another one, by round. */
function shares(one: Candidate, other: Candidate): number[] {
	return one.rates.map((rate, round) => (rate / (other.rates[round] ?? NaN)) * 100);
}

const percent = (share: number) => `${share.toFixed(0)} %`;

function findings({ how, against }: Setting, all: Candidates, rounds: number, seconds: number): Findings {
	const { webhook, provingWebhook, outgoingWebhook, app } = all;
	const pairs = [outgoingWebhook, app].flatMap((one) =>
		[webhook, provingWebhook].map((other) => [one, other] as const),
	);
	return {
		tables: [
			{
				title: `Deliveries a second that n8n accepts, ${how}: ${connections} at once, one empty node behind, ${rounds} rounds of ${seconds} s by turns`,
				columns: ['', 'Deliveries/s (median)', 'Latency (ms, median)'],
				rows: Object.values(all).map(({ name, rates, latencies }) => [
					name,
					median(rates).toFixed(0),
					median(latencies).toFixed(0),
				]),
			},
			{
				title: `One's rate in percent of another's, by round, ${how}`,
				columns: ['', 'Against', 'Least', 'Median', 'Most'],
				rows: pairs.map(([one, other]) => {
					const ratios = shares(one, other);
					return [one.name, other.name, ...[0, 0.5, 1].map((part) => percent(quantile(ratios, part)))];
				}),
			},
		],
		targets: against.map((key) => {
			const share = median(shares(app, all[key]));
			return {
				what: `${app.name}: rate against ${all[key].name}, ${how}`,
				target: `at least ${atLeast} %`,
				measured: percent(share),
				isMet: share >= atLeast,
			};
		}),
	};
}

/** Deliveries per second that a real n8n accepts, through our trigger and through its own Webhook node by turns. */
export const http: Part = {
	name: 'http',
	async run({ quick }) {
		const [rounds, seconds] = quick ? [1, 2] : [6, 4];
		const parts: Findings[] = [];
		for (const setting of settings) {
			parts.push(
				await useWorld({ env: setting.env }, async (world) => {
					const all = await openCandidates(world);
					await measure(world, Object.values(all), rounds, seconds);
					return findings(setting, all, rounds, seconds);
				}),
			);
		}
		return { tables: parts.flatMap(({ tables }) => tables), targets: parts.flatMap(({ targets }) => targets) };
	},
};
