/** `npm run test:compat`: every n8n on every Node.js, and what came of it in docs/compatibility.json and docs/compatibility.md. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';
import { z } from 'zod';

import { writeDocs } from '../../bench/writeDocs.mjs';
import { installN8n, type N8nInstall, progressLine } from '../../host/index.mjs';
import { type Attempt, compatibilityTable } from './support/compat/compatibilityTable.mjs';
import { nodeVersion, runTests } from './support/runTests.mjs';

const N8NS = ['1.123.81', '2.41.1'];
const NODES = [20, 22, 24];

const root = fileURLToPath(new URL('../..', import.meta.url));
const report = z.object({ numPassedTests: z.number(), numTotalTests: z.number() });

/** n8n's start file ends at once where this says no. */
const CHECK = `
	const { engines } = require('./package.json');
	const isAllowed = require('semver/functions/satisfies')(process.versions.node, engines.node);
	console.log(JSON.stringify(isAllowed ? null : engines.node));
`;

/** The versions of Node.js that an n8n asks for, by its own check, where it does not start on the one it has. */
async function refusedRange({ n8nFolder, nodeBinary }: N8nInstall): Promise<string | null> {
	const { stdout } = await execa(nodeBinary, ['-e', CHECK], { cwd: join(n8nFolder, 'node_modules', 'n8n') });
	return z.string().nullable().parse(JSON.parse(stdout));
}

/** @param folder for what jest reports */
async function attempt(n8n: string, node: number, folder: string): Promise<Attempt> {
	const install = await installN8n({
		version: n8n,
		nodeMajor: node,
		onProgress: (progress) => console.log(progressLine(progress)),
	});
	const asksFor = await refusedRange(install);
	if (asksFor !== null) return { n8n, node: await nodeVersion(install.nodeBinary), asksFor };

	const file = join(folder, `${n8n}-${node}.json`);
	const outcome = await runTests({ n8n, node }, ['e2e/compat.test', '--json', '--outputFile', file]);
	if (outcome.exitCode !== 0) process.exitCode = 1;
	const { numPassedTests, numTotalTests } = report.parse(JSON.parse(await readFile(file, 'utf8')));
	return { n8n, node: outcome.node, passed: numPassedTests, total: numTotalTests };
}

const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-bitrix24-triggers-compat-'));
try {
	const attempts: Attempt[] = [];
	for (const n8n of N8NS) {
		for (const node of NODES) attempts.push(await attempt(n8n, node, folder));
	}
	const found = { command: 'npm run test:compat', date: new Date().toISOString().slice(0, 10), attempts };
	await writeFile(join(root, 'docs/compatibility.json'), `${JSON.stringify(found, null, '\t')}\n`);
	await writeDocs(join(root, 'docs/compatibility.md'), 'compatibility', compatibilityTable(found));
	console.log(compatibilityTable(found));
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
} finally {
	await rm(folder, { recursive: true });
}
