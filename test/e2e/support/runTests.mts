import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { installN8n, packPackage, progressLine } from '../../../host/index.mjs';
import { nodeVersion } from './nodeVersion.mjs';
import { announceInstall } from './preparedInstall.mjs';

/** What runs the tests. */
export interface Choices {
	/** n8n's version. Default: the one that the demo runs. */
	n8n?: string;
	/** The major version of the Node.js that runs n8n. Default: as n8n needs it. */
	node?: number;
}

/** What came of them. */
export interface Outcome {
	/** The versions that ran, e.g. `2.41.1` and `24.21.0`. */
	n8n: string;
	node: string;
	/** jest's. */
	exitCode: number;
}

const folder = fileURLToPath(new URL('../../..', import.meta.url));

async function runJest(args: readonly string[], env: Record<string, string>): Promise<number> {
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

/**
 * Installs n8n where it is not there yet, builds and packs the package, and runs end-to-end tests with both.
 *
 * @param args for jest
 * @throws one line for people, when something is in the way before a test runs
 */
export async function runTests(choices: Choices, args: readonly string[]): Promise<Outcome> {
	const install = await installN8n({
		version: choices.n8n,
		nodeMajor: choices.node,
		onProgress: (progress) => console.log(progressLine(progress)),
	});
	const versions = { n8n: install.version, node: await nodeVersion(install.nodeBinary) };
	console.log(`The tests run n8n ${versions.n8n} on Node.js ${versions.node}`);
	console.log('Building and packing the package');
	const tarball = await packPackage({ folder });
	try {
		return { ...versions, exitCode: await runJest(args, announceInstall({ ...install, tarball })) };
	} finally {
		await rm(dirname(tarball), { recursive: true, force: true });
	}
}
