import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { extract } from 'tar';
import { z } from 'zod';

import { runNpm } from './npm.mjs';

const packed = z.array(z.object({ filename: z.string() })).nonempty();

/**
 * Builds the package and packs it as `npm publish` would.
 *
 * @param folder the package's folder; default: the current one
 * @param build whether to run its `build` script first
 * @returns the tarball, in a new temporary folder
 */
export async function packPackage({ folder = process.cwd(), build = true } = {}): Promise<string> {
	if (build) await runNpm(folder, ['run', 'build', '--silent']);
	const destination = await mkdtemp(join(tmpdir(), 'n8n-nodes-bitrix24-triggers-pack-'));
	const answer = await runNpm(folder, ['pack', '--json', '--pack-destination', destination]);
	return join(destination, packed.parse(JSON.parse(answer))[0].filename);
}

/** What the build and the package are made from. */
const SOURCES = [
	'credentials',
	'icons',
	'nodes',
	'gulpfile.js',
	'LICENSE.md',
	'package.json',
	'package-lock.json',
	'README.md',
	'tsconfig.build.json',
	'tsconfig.json',
];

/**
 * As `packPackage`, but what was packed from the same sources before is used again, which saves the build.
 *
 * @param folder the package's folder
 * @returns the tarball, below `.cache` of that folder
 */
export async function packOnce(folder: string = process.cwd()): Promise<string> {
	const cache = join(folder, '.cache', 'packed');
	const tarball = join(cache, `${(await sourcesHash(folder)).slice(0, 16)}.tgz`);
	if (existsSync(tarball)) return tarball;

	const packed = await packPackage({ folder });
	await rm(cache, { recursive: true, force: true });
	await mkdir(cache, { recursive: true });
	// Under its name only once it is complete.
	await copyFile(packed, `${tarball}.part`);
	await rename(`${tarball}.part`, tarball);
	await rm(dirname(packed), { recursive: true, force: true });
	return tarball;
}

/** Differs as soon as a source differs in name or content. */
async function sourcesHash(folder: string): Promise<string> {
	const files = (await Promise.all(SOURCES.map(async (name) => await filesOf(folder, name)))).flat().sort();
	const hash = createHash('sha256');
	for (const file of files) {
		const content = await readFile(join(folder, file));
		hash.update(`${file}\0${content.length}\0`).update(content);
	}
	return hash.digest('hex');
}

async function filesOf(folder: string, name: string): Promise<string[]> {
	const entries = await readdir(join(folder, name), { withFileTypes: true }).catch(() => undefined);
	if (entries === undefined) return existsSync(join(folder, name)) ? [name] : [];
	const inner = await Promise.all(entries.map(async (entry) => await filesOf(folder, join(name, entry.name))));
	return inner.flat();
}

const manifest = z.object({ name: z.string(), version: z.string() }).passthrough();
const ledger = z.object({ dependencies: z.record(z.string()).default({}) }).passthrough();

/** n8n drops these before it installs what a community package depends on. */
const DROPPED = ['devDependencies', 'peerDependencies', 'optionalDependencies'];

/** As n8n calls npm for a community package. */
const INSTALL = [
	'install',
	'--audit=false',
	'--fund=false',
	'--bin-links=false',
	'--install-strategy=shallow',
	'--ignore-scripts=true',
	'--package-lock=false',
];

/**
 * Puts a packed package where n8n puts community packages, in the way n8n does it ("Install" under Settings >
 * Community nodes, `downloadPackage` in its source), in place of a version that is there. n8n loads what it finds in
 * that folder when it starts; it needs no entry in its database for that.
 *
 * @param tarball as `packPackage` makes it
 * @param userFolder n8n's user folder
 * @param nodeBinary the Node.js that runs n8n, so that its npm decides what is installed
 * @returns the package's name and version
 */
export async function installCommunityPackage({
	tarball,
	userFolder,
	nodeBinary,
}: {
	tarball: string;
	userFolder: string;
	nodeBinary?: string;
}): Promise<{ name: string; version: string }> {
	const nodesFolder = join(userFolder, '.n8n', 'nodes');
	await mkdir(join(nodesFolder, 'node_modules'), { recursive: true });
	const unpacked = await mkdtemp(join(nodesFolder, 'unpacked-'));
	try {
		await extract({ file: tarball, cwd: unpacked, strip: 1 });
		const file = join(unpacked, 'package.json');
		const complete = manifest.parse(JSON.parse(await readFile(file, 'utf8')));
		const kept = Object.fromEntries(Object.entries(complete).filter(([key]) => !DROPPED.includes(key)));
		await writeFile(file, JSON.stringify(kept, null, 2));

		const path = nodeBinary === undefined ? {} : { PATH: `${dirname(nodeBinary)}:${process.env.PATH ?? ''}` };
		await runNpm(unpacked, INSTALL, path);

		const { name, version } = complete;
		const folder = join(nodesFolder, 'node_modules', name);
		await rm(folder, { recursive: true, force: true });
		await mkdir(dirname(folder), { recursive: true });
		await rename(unpacked, folder);
		await enterInLedger(nodesFolder, name, version);
		return { name, version };
	} finally {
		await rm(unpacked, { recursive: true, force: true });
	}
}

async function enterInLedger(nodesFolder: string, name: string, version: string): Promise<void> {
	const file = join(nodesFolder, 'package.json');
	const text = await readFile(file, 'utf8').catch(() => '{"name":"installed-nodes","private":true}');
	const before = ledger.parse(JSON.parse(text));
	const after = { ...before, dependencies: { ...before.dependencies, [name]: version } };
	await writeFile(file, JSON.stringify(after, null, 2));
}
