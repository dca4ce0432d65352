import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { z } from 'zod';

const cost = z.object({
	milliseconds: z.number(),
	processor: z.number(),
	kilobytes: z.number(),
	modules: z.number(),
	/** Processor time for everything that it leaves for later, in milliseconds. */
	later: z.number(),
});

// What n8n has loaded before it comes to packages, then what the package adds.
const program = `
	const [folder, ...files] = process.argv.slice(1);
	const load = require('node:module').createRequire(folder + '/package.json');
	for (const name of ['n8n-workflow', 'zod', 'node:crypto']) load(name);
	const fs = require('node:fs');
	const since = (used) => {
		const { user, system } = process.cpuUsage(used);
		return (user + system) / 1000;
	};
	const before = Object.keys(require.cache).length;
	gc();
	const heap = process.memoryUsage().heapUsed;
	const used = process.cpuUsage();
	const begin = process.hrtime.bigint();
	const made = files.flatMap((file) => Object.values(load('./' + file)).map((Type) => new Type()));
	const milliseconds = Number(process.hrtime.bigint() - begin) / 1e6;
	const processor = since(used);
	gc();
	const kilobytes = (process.memoryUsage().heapUsed - heap) / 1024;
	const modules = Object.keys(require.cache).length - before;
	if (made.length < files.length) throw new Error('Something was not loaded');
	const all = fs.readdirSync(folder + '/dist', { recursive: true }).filter((file) => file.endsWith('.js'));
	const usedByNow = process.cpuUsage();
	for (const file of all) load('./dist/' + file);
	console.log(JSON.stringify({ milliseconds, processor, kilobytes, modules, later: since(usedByNow) }));
`;

/** What loading cost in one fresh process. */
export type Cost = z.infer<typeof cost>;

const run = promisify(execFile);

/**
 * Loads the package's nodes and credentials in a process of its own, as n8n does when it starts.
 *
 * @param folder the package, unpacked where it finds `n8n-workflow` and `zod`
 * @param files as its package.json lists them
 */
export async function loadOnce(folder: string, files: readonly string[]): Promise<Cost> {
	const { stdout } = await run(process.execPath, ['--expose-gc', '-e', program, '--', folder, ...files]);
	return cost.parse(JSON.parse(stdout));
}
