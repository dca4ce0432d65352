import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { N8nInstall } from '../../../../host/index.mjs';

/** n8n's start file ends at once where this says no. */
const CHECK = `
	const { engines } = require('./package.json');
	const isAllowed = require('semver/functions/satisfies')(process.versions.node, engines.node);
	console.log(JSON.stringify(isAllowed ? null : engines.node));
`;

/**
 * Asks an n8n, in the way in which it asks itself when it starts, whether it runs on its Node.js.
 *
 * @returns the versions of Node.js that it asks for instead; null where it starts
 */
export async function refusedRange({ n8nFolder, nodeBinary }: N8nInstall): Promise<string | null> {
	const { stdout } = await promisify(execFile)(nodeBinary, ['-e', CHECK], {
		cwd: join(n8nFolder, 'node_modules', 'n8n'),
	});
	const answer: unknown = JSON.parse(stdout);
	return answer === null ? null : String(answer);
}
