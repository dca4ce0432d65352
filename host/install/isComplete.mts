import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { N8nVersion } from '../versions.mjs';

const run = promisify(execFile);

/** Where n8n's start file lies. */
export function n8nBinary(n8nFolder: string): string {
	return join(n8nFolder, 'node_modules', 'n8n', 'bin', 'n8n');
}

/** Whether the n8n in a folder is the wanted one, and it and its native modules run on the given Node.js. */
export async function isComplete(n8nFolder: string, nodeBinary: string, version: N8nVersion): Promise<boolean> {
	const load = version.nativeModules.map((name) => `require(${JSON.stringify(name)})`).join(';');
	try {
		const { stdout } = await run(nodeBinary, [n8nBinary(n8nFolder), '--version'], { cwd: n8nFolder });
		await run(nodeBinary, ['-e', load], { cwd: n8nFolder });
		return stdout.trim() === version.version;
	} catch {
		// It is not there, or not all of it.
		return false;
	}
}
