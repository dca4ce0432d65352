import { execFile, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { installN8n, packPackage, progressLine } from '../../host/index.mjs';
import { announceInstall } from './support/preparedInstall.mjs';

/** What runs the tests, beside the arguments for jest. */
interface Choices {
	/** Default: the one that the demo runs. */
	n8n?: string;
	/** The major version of the Node.js that runs n8n. Default: as n8n needs it. */
	node?: string;
}

/** Takes `--n8n VERSION` and `--node MAJOR` off the front of the arguments. */
function takeChoices([name, value, ...rest]: readonly string[], taken: Choices = {}): [Choices, readonly string[]] {
	if (name === '--n8n') return takeChoices(rest, { ...taken, n8n: value });
	if (name === '--node') return takeChoices(rest, { ...taken, node: value });
	return [taken, [name, value, ...rest].filter((argument) => argument !== undefined)];
}

/** What goes wrong before a test runs is told in one line: none of it is a fault of this program. */
async function prepare(
	folder: string,
	{ n8n, node }: Choices,
): Promise<{ env: Record<string, string>; tarball: string }> {
	const install = await installN8n({
		version: n8n,
		nodeMajor: node === undefined ? undefined : Number(node),
		onProgress: (progress) => console.log(progressLine(progress)),
	});
	const { stdout } = await promisify(execFile)(install.nodeBinary, ['--version']);
	console.log(`The tests run n8n ${install.version} on Node.js ${stdout.trim()}`);
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
	const [choices, args] = takeChoices(process.argv.slice(2));
	const { env, tarball } = await prepare(folder, choices);
	process.exitCode = await runTests(folder, env, args);
	await rm(dirname(tarball), { recursive: true, force: true });
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
