import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { exists } from '../exists.mjs';
import { packPackage } from './packPackage.mjs';

/** What the build and the package are made from. */
const SOURCES = [
	'credentials',
	'icons',
	'nodes',
	'gulpfile.js',
	'LICENSE',
	'package.json',
	'package-lock.json',
	'README.md',
	'tsconfig.build.json',
	'tsconfig.json',
];

async function filesOf(folder: string, name: string): Promise<string[]> {
	const entries = await readdir(join(folder, name), { withFileTypes: true }).catch(() => undefined);
	if (entries === undefined) return (await exists(join(folder, name))) ? [name] : [];
	const inner = await Promise.all(entries.map(async (entry) => await filesOf(folder, join(name, entry.name))));
	return inner.flat();
}

/** Differs as soon as a source differs in name or content. */
export async function sourcesHash(folder: string): Promise<string> {
	const files = (await Promise.all(SOURCES.map(async (name) => await filesOf(folder, name)))).flat().sort();
	const hash = createHash('sha256');
	for (const file of files) {
		const content = await readFile(join(folder, file));
		hash.update(`${file}\0${content.length}\0`).update(content);
	}
	return hash.digest('hex');
}

/**
 * As `packPackage`, but what was packed from the same sources before is used again, which saves the build.
 *
 * @param folder the package's folder
 * @returns the tarball, below `.cache` of that folder
 */
export async function packOnce(folder: string = process.cwd()): Promise<string> {
	const cache = join(folder, '.cache', 'packed');
	const tarball = join(cache, `${(await sourcesHash(folder)).slice(0, 16)}.tgz`);
	if (await exists(tarball)) return tarball;

	const packed = await packPackage({ folder });
	await rm(cache, { recursive: true, force: true });
	await mkdir(cache, { recursive: true });
	// Under its name only once it is complete.
	await copyFile(packed, `${tarball}.part`);
	await rename(`${tarball}.part`, tarball);
	await rm(dirname(packed), { recursive: true, force: true });
	return tarball;
}
