import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { type Choices, runTests } from './support/runTests.mjs';

/** Every n8n that is tried, on every Node.js that it starts on. */
const COMBINATIONS: Choices[] = [
	{ n8n: '1.123.81', node: 20 },
	{ n8n: '1.123.81', node: 22 },
	{ n8n: '1.123.81', node: 24 },
	{ n8n: '2.41.1', node: 24 },
];

const report = z.object({ numPassedTests: z.number(), numTotalTests: z.number() });

const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-bitrix24-compat-'));
const rows = ['| n8n | Node.js | Tests passed |', '| --- | --- | --- |'];
try {
	for (const choices of COMBINATIONS) {
		const file = join(folder, 'report.json');
		const { n8n, node, exitCode } = await runTests(choices, ['compat', '--json', '--outputFile', file]);
		const { numPassedTests, numTotalTests } = report.parse(JSON.parse(await readFile(file, 'utf8')));
		rows.push(`| ${n8n} | ${node} | ${numPassedTests} of ${numTotalTests} |`);
		if (exitCode !== 0) process.exitCode = 1;
	}
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
} finally {
	await rm(folder, { recursive: true });
}
console.log(rows.join('\n'));
