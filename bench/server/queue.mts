import getPort from 'get-port';

import type { World } from '../../test/e2e/support/world.mjs';
import type { Part } from '../report/Part.mjs';
import { type Drained, type Draining, drainQueue, type Gauge } from './drainQueue.mjs';
import { inspectable, openDebugger } from './liveHeap.mjs';
import { pushThrough } from './pushThrough.mjs';
import { residentMemory } from './residentMemory.mjs';
import { useWorld } from './useWorld.mjs';

const atLeast = 20;
const flatWithin = 50;
/** What a real portal grants. */
const rate = { perSecond: 2, burst: 50 };

const thousands = (count: number) => count.toLocaleString('en-US');
const perBatch = (waiting: number): Draining => ({ waiting, execution: 'perBatch' });

async function drainAll(world: World, drainings: readonly Draining[], gauge: Gauge): Promise<Drained[]> {
	const drained: Drained[] = [];
	for (const draining of drainings) {
		drained.push(await drainQueue(world, draining, gauge));
		console.log(JSON.stringify(drained.at(-1)));
	}
	return drained;
}

function residentMemoryOf({ n8n }: World): Gauge {
	const { pid } = n8n;
	if (pid === undefined) throw new Error('n8n is not running');
	return { look: async () => await residentMemory(pid), pauseMs: 200 };
}

/** Emptying queues, and the same events delivered to Bitrix24 Trigger, in one n8n. */
async function measureSpeed(sizes: readonly number[], few: number) {
	return await useWorld({ portal: { rate } }, async (world) => ({
		drained: await drainAll(
			world,
			[...sizes.map(perBatch), { waiting: few, execution: 'perEvent' }],
			residentMemoryOf(world),
		),
		pushed: await pushThrough(world, few),
	}));
}

/**
 * What is in use on n8n's heap while queues are emptied. Measured apart, since every look cleans up first, which takes
 * time; and after a first queue, for which n8n loads what it needs.
 */
async function measureMemory(sizes: readonly number[]): Promise<Drained[]> {
	const port = await getPort({ host: '127.0.0.1' });
	return await useWorld({ portal: { rate }, env: inspectable(port) }, async (world) => {
		const line = await openDebugger(port);
		try {
			const [smallest = 0] = sizes;
			const [, ...drained] = await drainAll(world, [smallest, ...sizes].map(perBatch), {
				look: async () => await line.liveHeap(),
				pauseMs: 500,
			});
			return drained;
		} finally {
			line.close();
		}
	});
}

/** How fast a real n8n empties the portal's queue, at what cost, against deliveries of the same events to it. */
export const queue: Part = {
	name: 'queue',
	async run({ quick }) {
		const few = quick ? 50 : 200;
		const sizes = quick ? [few, 2000] : [1000, 10_000, 50_000];
		const { pushed, drained } = await measureSpeed(sizes, few);
		const live = await measureMemory(sizes);
		const peaks = live.map(({ memory }) => memory.peak);
		const growth = Math.max(...peaks) - (peaks[0] ?? NaN);
		const batches = drained.filter(({ execution }) => execution === 'perBatch');
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
					title: "n8n's memory meanwhile (one n8n, one queue after the other), in MB",
					columns: ['Waiting', 'Live heap before', 'Live heap, peak', 'Resident before', 'Resident, peak'],
					rows: live.map(({ waiting, memory }, index) => [
						thousands(waiting),
						...[memory, batches[index]?.memory].flatMap((seen) =>
							[seen?.before ?? NaN, seen?.peak ?? NaN].map((megabytes) => megabytes.toFixed(0)),
						),
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
					what: 'Peak of the live heap, largest queue against smallest',
					target: `flat within ${flatWithin} MB`,
					measured: `${growth.toFixed(0)} MB more`,
					isMet: growth <= flatWithin,
				},
			],
		};
	},
};
