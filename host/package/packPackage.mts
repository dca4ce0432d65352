import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { runNpm } from '../runNpm.mjs';

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
	const destination = await mkdtemp(join(tmpdir(), 'n8n-nodes-bitrix24-pack-'));
	const answer = await runNpm(folder, ['pack', '--json', '--pack-destination', destination]);
	return join(destination, packed.parse(JSON.parse(answer))[0].filename);
}
