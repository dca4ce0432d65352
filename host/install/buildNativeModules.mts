import { dirname } from 'node:path';

import { runNpm } from '../runNpm.mjs';
import type { N8nVersion } from '../versions.mjs';
import type { NodeInstall } from './nodeFor.mjs';

/**
 * Runs the install scripts of the modules that n8n does not run without.
 *
 * @param compile true: sqlite3 is compiled. False: it fetches a binary from GitHub, which fits most machines.
 *   isolated-vm brings binaries for common machines along
 */
export async function buildNativeModules(
	n8nFolder: string,
	node: NodeInstall,
	version: N8nVersion,
	compile: boolean,
): Promise<void> {
	await runNpm(n8nFolder, ['rebuild', '--ignore-scripts=false', ...version.nativeModules], {
		PATH: `${dirname(node.binary)}:${process.env.PATH ?? ''}`,
		...(node.headers === undefined ? {} : { npm_config_nodedir: node.headers }),
		...(compile ? { npm_config_build_from_source: 'sqlite3' } : {}),
	});
}
