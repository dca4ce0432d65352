import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { runNpm } from '../runNpm.mjs';
import type { N8nVersion } from '../versions.mjs';
import { exists } from '../exists.mjs';
import type { Mark } from './Mark.mjs';

const LOOK_EVERY_MS = 2000;

async function entries(folder: string): Promise<string[]> {
	return await readdir(folder).catch(() => []);
}

/** How many packages npm has laid out so far: it makes the empty folders first. */
async function packagesIn(nodeModules: string): Promise<number> {
	const names = await entries(nodeModules);
	const folders = await Promise.all(
		names.map(async (name) =>
			name.startsWith('@') ? (await entries(join(nodeModules, name))).map((inner) => join(name, inner)) : [name],
		),
	);
	const found = await Promise.all(folders.flat().map((folder) => exists(join(nodeModules, folder, 'package.json'))));
	return found.filter(Boolean).length;
}

/**
 * Installs n8n's packages without running their install scripts.
 *
 * @param done set when npm is through. Without it, what lies in the folder is the rest of an interrupted run, which
 *   npm would take for complete: it is thrown away
 * @param tell called with how far it is
 */
export async function downloadPackages(
	n8nFolder: string,
	nodeBinary: string,
	version: N8nVersion,
	done: Mark,
	tell: (detail: string) => void,
): Promise<void> {
	if (await done.exists()) return;
	const nodeModules = join(n8nFolder, 'node_modules');
	await rm(nodeModules, { recursive: true, force: true });
	await mkdir(n8nFolder, { recursive: true });
	const manifest = {
		name: 'n8n-to-try',
		private: true,
		dependencies: { n8n: version.version },
		overrides: version.overrides,
	};
	await writeFile(join(n8nFolder, 'package.json'), JSON.stringify(manifest, null, 2));

	const expected = version.packages.toLocaleString('en');
	const timer = setInterval(() => {
		void packagesIn(nodeModules).then((count) =>
			tell(count === 0 ? 'looking up what it needs' : `${count.toLocaleString('en')} of about ${expected} packages`),
		);
	}, LOOK_EVERY_MS);
	try {
		await runNpm(n8nFolder, ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
			PATH: `${dirname(nodeBinary)}:${process.env.PATH ?? ''}`,
		});
	} finally {
		clearInterval(timer);
	}
	await done.set('npm has laid out every package');
}
