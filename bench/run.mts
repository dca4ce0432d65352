/**
 * `npm run bench`: the figures in README.md and docs/benchmarks.md. `npm run bench -- delivery load`: only these parts.
 * With `--quick` (tiny runs) or `--setting NAME` (part http in one setting), nothing is written to the documents.
 */
import { mkdir } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { burst } from './burst.mjs';
import { delivery } from './delivery.mjs';
import { http } from './http.mjs';
import { load } from './load.mjs';
import { queue } from './queue.mjs';
import * as report from './report.mjs';
import { writeDocs, writeFormatted } from './writeDocs.mjs';

const parts: readonly report.Part[] = [delivery, load, http, burst, queue];
const root = fileURLToPath(new URL('..', import.meta.url));

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { quick: { type: 'boolean', default: false }, setting: { type: 'string' } },
});
const isPartial = values.quick || values.setting !== undefined;
const folder = join(root, isPartial ? '.cache/bench' : 'bench/results');

async function measure(part: report.Part): Promise<void> {
	const load = () => (loadavg()[0] ?? NaN).toFixed(1);
	const [date, before] = [new Date().toISOString().slice(0, 10), load()];
	const findings = await part.run(values);
	const hardware = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB`;
	// A load above the number of cores: others were at work as well.
	const machine = `${hardware}, Node.js ${process.version}, load ${before} before, ${load()} after`;
	const result: report.Result = { command: `npm run bench -- ${part.name}`, date, machine, ...findings };
	console.log(`\n${report.figures(result)}\n\n${report.targets([result])}`);
	await mkdir(folder, { recursive: true });
	await writeFormatted(join(folder, `${part.name}.json`), JSON.stringify(result));
}

async function writePages(): Promise<void> {
	const results = await report.readResults(folder);
	const page = join(root, 'docs/benchmarks.md');
	for (const [index, result] of results.entries()) {
		await writeDocs(page, `bench ${report.PARTS[index]}`, report.figures(result));
	}
	await writeDocs(page, 'bench targets', report.targets(results));
	await writeDocs(join(root, 'README.md'), 'bench figures', report.headlines(results));
}

const wanted = parts.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (wanted.length < positionals.length) throw new Error(`The parts are ${report.PARTS.join(', ')}`);
for (const part of wanted) await measure(part);
if (!isPartial) await writePages();
