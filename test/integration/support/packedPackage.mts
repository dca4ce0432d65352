import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { extract } from 'tar';
import { z } from 'zod';

import { packOnce } from '../../../host/index.mjs';

const manifest = z.object({
	name: z.string(),
	version: z.string(),
	n8n: z.object({ nodes: z.array(z.string()), credentials: z.array(z.string()) }),
});

/** The package as it is published, unpacked. */
export interface PackedPackage {
	folder: string;
	manifest: z.infer<typeof manifest>;
	/** Removes the folder. */
	remove(): Promise<void>;
}

/**
 * Builds and packs the package, and unpacks it where it finds `n8n-workflow` and `zod` above itself, as inside n8n. What
 * was packed from the same sources before is used again.
 */
export async function packedPackage(): Promise<PackedPackage> {
	const tarball = await packOnce();
	const place = await mkdtemp(join(tmpdir(), 'n8n-nodes-bitrix24-triggers-loader-'));
	const folder = join(place, 'package');
	await mkdir(folder);
	await symlink(join(process.cwd(), 'node_modules'), join(place, 'node_modules'));
	await extract({ file: tarball, cwd: folder, strip: 1 });
	return {
		folder,
		manifest: manifest.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))),
		remove: async () => await rm(place, { recursive: true, force: true }),
	};
}
