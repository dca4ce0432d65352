import { fileURLToPath } from 'node:url';

import { execa } from 'execa';

import { installN8n, packOnce, progressLine } from '../../../host/index.mjs';
import { announceInstall, LONG } from './preparedInstall.mjs';

/** What runs the tests. */
export interface Choices {
	/** n8n's version. Default: the one that the demo runs. */
	n8n?: string;
	/** The major version of the Node.js that runs n8n. Default: as n8n needs it. */
	node?: number;
	/** Whether to show what the suite shows with 50 leads with 1,000, and what takes longer than anybody waits. */
	long?: boolean;
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

/**
 * Tests of one file that run beside each other mostly wait: for n8n's repeats and for the queue's next poll. What a test
 * that fails leaves open does not keep the run from its end.
 */
const JEST = ['--selectProjects', 'e2e', '--maxConcurrency', '20', '--forceExit'];

/** Those that have a longer form, where nothing else is chosen. */
const LONG_TESTS = ['e2e/(learning|queue|queueCrash|scaleOut).test'];

/** The version of a Node.js, e.g. `24.21.0`. @param binary where it lies */
export async function nodeVersion(binary: string): Promise<string> {
	return (await execa(binary, ['--version'])).stdout.replace(/^v/, '');
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
	console.log('Building and packing the package, if it has changed');
	const tarball = await packOnce(folder);
	const jest = fileURLToPath(import.meta.resolve('jest/bin/jest'));
	const chosen = choices.long && args.length === 0 ? LONG_TESTS : args;
	const long = choices.long ? { [LONG]: '1' } : {};
	const { exitCode = 1 } = await execa(process.execPath, [jest, ...JEST, ...chosen], {
		cwd: folder,
		env: { ...announceInstall({ ...install, tarball }), ...long },
		stdio: 'inherit',
		reject: false,
	});
	return { ...versions, exitCode };
}
