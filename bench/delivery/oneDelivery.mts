import { getHeapStatistics } from 'node:v8';

import { measure } from 'mitata';

import type { Findings } from '../report/Part.mjs';
import { median } from '../report/statistics.mjs';
import { floor, straightforward } from './comparisons.mjs';
import { contextOf } from './contexts.mjs';
import type { Receive } from './builtTrigger.mjs';

const microseconds = (nanoseconds: number) => nanoseconds / 1000;
const text = (value: number) => value.toFixed(1);
const rounds = 15;

type Work = () => unknown;

/** Until everything is compiled: what is measured first would otherwise pay for it. */
async function warmUp(work: Work, times: number): Promise<void> {
	for (let time = 0; time < times; time++) await work();
}

async function timed(work: Work, samples: number) {
	// One delivery is one sample: the 99th percentile of batches would hide the slow ones.
	const plain = { batch_threshold: 0, min_samples: samples, max_samples: samples * 2 };
	const { p50, p99 } = await measure(work, plain);
	return { p50: microseconds(p50), p99: microseconds(p99) };
}

async function allocated(work: Work): Promise<number> {
	const used = () => getHeapStatistics().used_heap_size;
	const { heap } = await measure(work, { heap: used, min_samples: 200, batch_samples: 256 });
	return heap?.avg ?? NaN;
}

/** Measures every one in each round, by turns: a busy moment meets all of them alike. The first is the floor. */
async function measureAll(works: ReadonlyArray<[name: string, work: Work]>, samples: number) {
	const all = works.map(([name, work]) => ({ name, work, p50s: new Array<number>(), p99s: new Array<number>() }));
	for (const { work } of all) await warmUp(work, samples * rounds);
	for (let round = 0; round < rounds; round++) {
		for (const { work, p50s, p99s } of all) {
			const { p50, p99 } = await timed(work, samples);
			p50s.push(p50);
			p99s.push(p99);
		}
	}
	const figures = [];
	for (const { name, work, p50s, p99s } of all) {
		figures.push({
			name,
			median: median(p50s),
			p99: median(p99s),
			// Within a round: the machine is not as fast in every one.
			times: median(p50s.map((p50, round) => p50 / (all[0]?.p50s[round] ?? NaN))),
			bytes: await allocated(work),
		});
	}
	return figures;
}

/** One delivery through the trigger's whole own code, beside the least that can be done and what is usual. */
export async function oneDelivery(receive: Receive, samples: number): Promise<Findings> {
	const [withGiven, withLearned] = [contextOf('given'), contextOf('learned')];
	for (const { context } of [withGiven, withLearned]) {
		const { workflowData } = await receive(context);
		if (!workflowData) throw new Error('The delivery to be measured does not start a workflow');
	}
	const works: Array<[string, Work]> = [
		['Floor: `JSON.parse`, one hash compared', floor],
		['`qs.parse`, zod parse of everything, one hash compared', straightforward],
		['Bitrix24 Trigger, token learned', async () => await receive(withLearned.context)],
		["Bitrix24 Trigger, the credential's token", async () => await receive(withGiven.context)],
	];
	const figures = await measureAll(works, samples);
	const [, , learned] = figures;
	if (!learned) throw new Error('Nothing was measured');
	return {
		tables: [
			{
				title: `One delivery of a deleted lead, after ${samples * rounds} of each, ${rounds} rounds of ${samples} by turns`,
				columns: ['', 'Median (µs)', '99th percentile (µs)', 'Times the floor', 'Allocated (kB)'],
				rows: figures.map(({ name, median, p99, times, bytes }) => [
					name,
					text(median),
					text(p99),
					text(times),
					text(bytes / 1024),
				]),
			},
		],
		targets: [
			{
				what: 'Own code of one delivery, median',
				target: 'under 30 µs',
				measured: `${text(learned.median)} µs`,
				isMet: learned.median < 30,
			},
			{ what: 'Times the floor', target: 'at most 4', measured: text(learned.times), isMet: learned.times <= 4 },
		],
	};
}
