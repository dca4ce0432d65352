import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import type { Changes } from './samplePackage.mjs';
import { withSamplePackage } from './samplePackage.mjs';

const program = join(__dirname, '../../check/scanPackage.mts');

// In a process of its own: n8n's scanner is ESM, and its rules do not work inside a test runner that loads modules itself.
function scan(folder: string): { status: number | null; output: string } {
	const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', program, folder], {
		cwd: join(__dirname, '../..'),
		encoding: 'utf8',
	});
	return { status, output: stdout };
}

async function expectFinding(changes: Changes, where: string, rule: string): Promise<void> {
	await withSamplePackage(changes, async (folder) => {
		const { status, output } = scan(folder);
		expect(output).toContain(`${where}: ESLint violations found`);
		expect(output).toContain(rule);
		expect(status).toBe(1);
	});
}

jest.setTimeout(60_000);

describe('scanPackage', () => {
	it('passes a package in which everything is right', () =>
		withSamplePackage({}, async (folder) => {
			expect(scan(folder)).toEqual({ status: 0, output: 'sources: nothing found\ntarball: nothing found\n' });
		}));

	it('finds a rule broken in the sources, even where a comment switches the rule off', () =>
		expectFinding(
			{ files: { 'nodes/Sample/wait.ts': '// eslint-disable-next-line\nsetTimeout(() => undefined, 1);\n' } },
			'sources',
			'no-restricted-globals',
		));

	it('finds a rule broken in what is published only', () =>
		expectFinding(
			{ files: { 'dist/nodes/Sample/parse.js': "exports.files = require('node:fs');\n" } },
			'tarball',
			'no-restricted-imports',
		));

	it('finds a rule broken in package.json', () =>
		expectFinding(
			{ manifest: { scripts: { postinstall: 'node install.js' } } },
			'tarball',
			'no-forbidden-lifecycle-scripts',
		));
});
