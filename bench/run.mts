/** `npm run bench`: the figures in README.md and docs/benchmarks.md. `npm run bench -- delivery load`: only these parts. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { format, resolveConfig } from 'prettier';

import { delivery } from './delivery/delivery.mjs';
import { load } from './load/load.mjs';
import { machine } from './report/machine.mjs';
import { markdown, type Result } from './report/markdown.mjs';
import type { Part } from './report/Part.mjs';
import { readResults } from './report/readResults.mjs';
import { targetsTable } from './report/targetsTable.mjs';
import { writeDocs } from './report/writeDocs.mjs';
import { http } from './server/http.mjs';
import { queue } from './server/queue.mjs';

const parts: readonly Part[] = [delivery, load, http, queue];
const root = fileURLToPath(new URL('..', import.meta.url));

async function measure(part: Part, quick: boolean): Promise<void> {
	const before = machine();
	const findings = await part.run({ quick });
	const command = `npm run bench -- ${part.name}${quick ? ' --quick' : ''}`;
	const result: Result = { part: part.name, command, quick, before, after: machine(), ...findings };
	console.log(`\n## ${part.name}\n\n${markdown(result)}`);
	// A quick run is no reason to forget real figures.
	const folder = join(root, quick ? '.cache/bench' : 'bench/results');
	await mkdir(folder, { recursive: true });
	const file = join(folder, `${part.name}.json`);
	await writeFile(file, await format(JSON.stringify(result), { ...(await resolveConfig(file)), parser: 'json' }));
	if (quick) return;
	await writeDocs(join(root, 'docs/benchmarks.md'), `bench ${part.name}`, markdown(result));
	await writeDocs(join(root, 'README.md'), 'bench targets', targetsTable(await readResults(folder)));
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean' } } });
const unknown = positionals.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0) {
	console.error(`There is no ${unknown.join(', ')}: the parts are ${parts.map(({ name }) => name).join(', ')}`);
	process.exitCode = 1;
} else {
	const wanted = parts.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
	for (const part of wanted) await measure(part, values.quick ?? false);
}
