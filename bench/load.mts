import { execa } from 'execa';
import { z } from 'zod';

import { packedPackage } from '../test/integration/support/packedPackage.mjs';
import { median, type Part, target } from './report.mjs';

const costSchema = z.object({
	processorMs: z.number(),
	kilobytes: z.number(),
	modules: z.number(),
	laterMs: z.number(),
});
type Cost = z.infer<typeof costSchema>;

// What n8n has loaded before it comes to packages, then what the package adds.
const program = `
	const [folder, ...files] = process.argv.slice(1);
	const load = require('node:module').createRequire(folder + '/package.json');
	for (const name of ['n8n-workflow', 'zod', 'node:crypto']) load(name);
	const look = () => (gc(), [Object.keys(require.cache).length, process.memoryUsage().heapUsed / 1024]);
	// Processor time: on the clock, others who are at work count as well.
	const timed = (work) => {
		const before = process.cpuUsage();
		work();
		const { user, system } = process.cpuUsage(before);
		return (user + system) / 1000;
	};
	const [modules, kilobytes] = look();
	const made = [];
	const processorMs = timed(() => files.forEach((file) => Object.values(load('./' + file)).forEach((Type) => made.push(new Type()))));
	const after = look();
	if (made.length < files.length) throw new Error('Something was not loaded');
	const all = require('node:fs').readdirSync(folder + '/dist', { recursive: true }).filter((file) => file.endsWith('.js'));
	const laterMs = timed(() => all.forEach((file) => load('./dist/' + file)));
	console.log(JSON.stringify({ processorMs, laterMs, modules: after[0] - modules, kilobytes: after[1] - kilobytes }));
`;

/** What it costs to have the package installed: each time in a fresh process, as n8n loads it when it starts. */
export const load: Part = {
	name: 'load',
	async run({ quick }) {
		const { folder, manifest, remove } = await packedPackage();
		const files = [...manifest.n8n.nodes, ...manifest.n8n.credentials];
		const costs: Cost[] = [];
		for (let run = 0; run < (quick ? 3 : 12); run++) {
			const { stdout } = await execa(process.execPath, ['--expose-gc', '-e', program, '--', folder, ...files]);
			costs.push(costSchema.parse(JSON.parse(stdout)));
		}
		await remove();
		const of = (key: keyof Cost, digits = 0) => median(costs.map((cost) => cost[key])).toFixed(digits);
		const time = median(costs.map(({ processorMs }) => processorMs));
		const measured = `${time.toFixed(1)} ms`;
		return {
			tables: {
				[`Loading both nodes and both credentials, ${costs.length} times: medians`]: [
					['Processor time', 'Left for the first use', 'Heap', 'Modules'],
					[measured, `${of('laterMs', 1)} ms`, `${of('kilobytes')} kB`, of('modules')],
				],
			},
			targets: [target('Loading, processor time, median', 'under 15 ms', measured, time < 15)],
			headline: ['What it adds to the start of n8n (processor time)', measured],
		};
	},
};
