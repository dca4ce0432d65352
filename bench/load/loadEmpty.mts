import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type Cost, loadOnce } from './loadOnce.mjs';

const dependencies = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** What it costs to load files in which nothing is: the share that no other code could save. @param modules how many */
export async function loadEmpty(modules: number): Promise<Cost> {
	const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-bitrix24-bench-'));
	try {
		await symlink(dependencies, join(folder, 'node_modules'));
		await writeFile(join(folder, 'package.json'), '{}');
		await mkdir(join(folder, 'dist'));
		const names = Array.from({ length: modules - 1 }, (_, index) => `./dist/empty${index}`);
		for (const name of names) await writeFile(join(folder, `${name}.js`), '');
		// A class to be made, as from a node's file.
		await writeFile(
			join(folder, 'all.js'),
			`${names.map((name) => `require('${name}');\n`).join('')}exports.All = Map;`,
		);
		return await loadOnce(folder, ['all.js']);
	} finally {
		await rm(folder, { recursive: true });
	}
}
