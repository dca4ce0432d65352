import { stat } from 'node:fs/promises';

import { list } from 'tar';

import { packOnce } from '../../host/index.mjs';
import { packedPackage } from '../../test/integration/support/packedPackage.mjs';
import type { Part } from '../report/Part.mjs';
import { median, quantile } from '../report/statistics.mjs';
import { loadOnce } from './loadOnce.mjs';

const most = 15;

/** What it costs to have the package installed. */
export const load: Part = {
	name: 'load',
	async run({ quick }) {
		const { folder, manifest, remove } = await packedPackage();
		const files = [...manifest.n8n.nodes, ...manifest.n8n.credentials];
		const costs: Array<Awaited<ReturnType<typeof loadOnce>>> = [];
		for (let run = 0; run < (quick ? 3 : 30); run++) costs.push(await loadOnce(folder, files));
		await remove();
		const tarball = await packOnce();
		let count = 0;
		await list({ file: tarball, onReadEntry: () => void count++ });
		const times = costs.map(({ milliseconds }) => milliseconds);
		const time = median(times);
		return {
			tables: [
				{
					title: `Loading both nodes and both credentials in a fresh process that has n8n-workflow and zod (${costs.length} times)`,
					columns: ['', 'Median', '90th percentile'],
					rows: [
						['Time (ms)', time.toFixed(1), quantile(times, 0.9).toFixed(1)],
						...(['kilobytes', 'modules'] as const).map((name) => {
							const all = costs.map((cost) => cost[name]);
							return [
								name === 'modules' ? 'Modules' : 'Heap (kB)',
								median(all).toFixed(0),
								quantile(all, 0.9).toFixed(0),
							];
						}),
					],
				},
				{
					title: 'The tarball',
					columns: ['Packed (kB)', 'Files'],
					rows: [[((await stat(tarball)).size / 1000).toFixed(1), count]],
				},
			],
			targets: [
				{
					what: "Loading, above n8n's own modules, median",
					target: `under ${most} ms`,
					measured: `${time.toFixed(1)} ms`,
					isMet: time < most,
				},
			],
		};
	},
};
