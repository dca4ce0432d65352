import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** What stands in for other versions of what our package imports: our own, of which n8n knows nothing. */
const COPIES = {
	zod: { version: '4.0.0', main: resolve('node_modules/zod/v4/index.cjs') },
	'n8n-workflow': { version: '1.0.0', main: resolve('node_modules/n8n-workflow') },
};

export const OTHER_VERSIONS = Object.fromEntries(Object.entries(COPIES).map(([name, { version }]) => [name, version]));

const LOG = 'loaded-by.log';

/** A package's start file that notes who was the first to load it. */
const startFile = (main: string) => `
	require('node:fs').appendFileSync(__dirname + '/${LOG}', module.parent.filename);
	module.exports = require(${JSON.stringify(main)});
`;

/** Puts another zod (version 4) and another n8n-workflow into a `node_modules` folder. */
export async function addOtherCopies(nodeModules: string): Promise<void> {
	for (const [name, { version, main }] of Object.entries(COPIES)) {
		const folder = join(nodeModules, name);
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'package.json'), JSON.stringify({ name, version, main: 'index.js' }));
		await writeFile(join(folder, 'index.js'), startFile(main));
	}
}

/** The files that were the first to load the copies in a `node_modules` folder. */
export async function loadersOf(nodeModules: string): Promise<string[]> {
	const names = Object.keys(COPIES);
	return await Promise.all(
		names.map(async (name) => await readFile(join(nodeModules, name, LOG), 'utf8').catch(() => 'nobody')),
	);
}
