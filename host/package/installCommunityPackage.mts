import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { extract } from 'tar';
import { z } from 'zod';

import { runNpm } from '../runNpm.mjs';

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

async function enterInLedger(nodesFolder: string, name: string, version: string): Promise<void> {
	const file = join(nodesFolder, 'package.json');
	const text = await readFile(file, 'utf8').catch(() => '{"name":"installed-nodes","private":true}');
	const before = ledger.parse(JSON.parse(text));
	const after = { ...before, dependencies: { ...before.dependencies, [name]: version } };
	await writeFile(file, JSON.stringify(after, null, 2));
}

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
