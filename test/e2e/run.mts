import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { installN8n, packPackage, progressLine } from '../../host/index.mjs';
import { announceInstall } from './support/preparedInstall.mjs';

/** What goes wrong before a test runs is told in one line: none of it is a fault of this program. */
async function prepare(folder: string): Promise<{ env: Record<string, string>; tarball: string }> {
	const install = await installN8n({ onProgress: (progress) => console.log(progressLine(progress)) });
	console.log('Building and packing the package');
	const tarball = await packPackage({ folder });
	return { env: announceInstall({ ...install, tarball }), tarball };
}

async function runTests(folder: string, env: Record<string, string>, args: readonly string[]): Promise<number> {
	const jest = fileURLToPath(import.meta.resolve('jest/bin/jest'));
	const child = spawn(process.execPath, [jest, '--selectProjects', 'e2e', '--runInBand', ...args], {
		cwd: folder,
		env: { ...process.env, ...env },
		stdio: 'inherit',
	});
	return await new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code) => resolve(code ?? 1));
	});
}

const folder = fileURLToPath(new URL('../..', import.meta.url));

try {
	const { env, tarball } = await prepare(folder);
	process.exitCode = await runTests(folder, env, process.argv.slice(2));
	await rm(dirname(tarball), { recursive: true, force: true });
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
