import { stat } from 'node:fs/promises';

import { list } from 'tar';

import { packOnce } from '../../host/index.mjs';
import { packedPackage } from '../../test/integration/support/packedPackage.mjs';
import type { Part } from '../report/Part.mjs';
import { median, quantile } from '../report/statistics.mjs';
import { loadEmpty } from './loadEmpty.mjs';
import { type Cost, loadOnce } from './loadOnce.mjs';

const most = 15;

/** What it costs to have the package installed. */
export const load: Part = {
	name: 'load',
	async run({ quick }) {
		const { folder, manifest, remove } = await packedPackage();
		const files = [...manifest.n8n.nodes, ...manifest.n8n.credentials];
		const costs: Cost[] = [];
		const empty: Cost[] = [];
		for (let run = 0; run < (quick ? 3 : 12); run++) {
			const cost = await loadOnce(folder, files);
			costs.push(cost);
			empty.push(await loadEmpty(cost.modules));
		}
		await remove();
		const tarball = await packOnce();
		let count = 0;
		await list({ file: tarball, onReadEntry: () => void count++ });
		const row = (name: string, key: keyof Cost, digits = 0, of = costs) => {
			const all = of.map((cost) => cost[key]);
			return [name, ...[0, 0.5, 0.9].map((share) => quantile(all, share).toFixed(digits))];
		};
		const time = median(costs.map(({ processor }) => processor));
		return {
			tables: [
				{
					title: `Loading both nodes and both credentials in a fresh process that has n8n-workflow and zod (${costs.length} times)`,
					columns: ['', 'Least', 'Median', '90th percentile'],
					rows: [
						row('Processor time (ms)', 'processor', 1),
						row('Time on the clock (ms)', 'milliseconds', 1),
						row('Heap (kB)', 'kilobytes'),
						row('Modules', 'modules'),
						row('What is left for its first use: processor time (ms)', 'later', 1),
						row('As many empty modules: processor time (ms)', 'processor', 1, empty),
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
					// On the clock, others who are at work count as well.
					what: "Loading, above n8n's own modules, processor time, median",
					target: `under ${most} ms`,
					measured: `${time.toFixed(1)} ms`,
					isMet: time < most,
				},
			],
		};
	},
};
