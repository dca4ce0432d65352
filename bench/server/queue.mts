import type { Part } from '../report/Part.mjs';
import { type Drained, type Draining, drainQueue } from './drainQueue.mjs';
import { pushThrough } from './pushThrough.mjs';
import { useWorld } from './useWorld.mjs';

const atLeast = 20;
const flatWithin = 50;
/** What a real portal grants. */
const rate = { perSecond: 2, burst: 50 };

const thousands = (count: number) => count.toLocaleString('en-US');

/** How fast a real n8n empties the portal's queue, at what cost, against deliveries of the same events to it. */
export const queue: Part = {
	name: 'queue',
	async run({ quick }) {
		const few = quick ? 50 : 200;
		const runs: Draining[] = [
			...(quick ? [few, 2000] : [1000, 10_000, 50_000]).map((waiting) => ({ waiting, execution: 'perBatch' as const })),
			{ waiting: few, execution: 'perEvent' },
		];
		// One n8n, the smaller queues first: what is not given back after one of them counts for the next.
		const { pushed, drained } = await useWorld({ portal: { rate } }, async (world) => {
			const drained: Drained[] = [];
			for (const run of runs) {
				drained.push(await drainQueue(world, run));
				console.log(JSON.stringify(drained.at(-1)));
			}
			return { drained, pushed: await pushThrough(world, few) };
		});
		const batches = drained.filter(({ execution }) => execution === 'perBatch');
		const peaks = batches.map(({ memory }) => memory.peak);
		const growth = Math.max(...peaks) - (peaks[0] ?? NaN);
		const least = Math.min(...batches.map(({ perSecond }) => perSecond / pushed));
		return {
			tables: [
				{
					title: 'Events a second, each until its execution has ended, from a queue that is full at first',
					columns: ['', 'Waiting', 'Events/s', 'Times Bitrix24 Trigger', 'REST calls per 1,000 events'],
					rows: [
						['Bitrix24 Trigger (deliveries)', thousands(few), pushed.toFixed(0), '1', '0'],
						...drained.map(({ execution, waiting, perSecond, callsPerThousand }) => [
							`Queue Trigger, ${execution}`,
							thousands(waiting),
							perSecond.toFixed(0),
							(perSecond / pushed).toFixed(1),
							callsPerThousand.toFixed(1),
						]),
					],
				},
				{
					title: "Resident memory of n8n's process (one process, one queue after the other)",
					columns: ['', 'Waiting', 'Before (MB)', 'Peak (MB)'],
					rows: drained.map(({ execution, waiting, memory }) => [
						execution,
						thousands(waiting),
						memory.before.toFixed(0),
						memory.peak.toFixed(0),
					]),
				},
			],
			targets: [
				{
					what: "perBatch against the push trigger's events a second (the slowest of the three)",
					target: `at least ${atLeast} times`,
					measured: `${least.toFixed(1)} times`,
					isMet: least >= atLeast,
				},
				{
					what: 'Peak memory, largest queue against smallest',
					target: `flat within ${flatWithin} MB`,
					measured: `${growth.toFixed(0)} MB more`,
					isMet: growth <= flatWithin,
				},
			],
		};
	},
};
