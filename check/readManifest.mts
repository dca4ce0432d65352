import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const manifestSchema = z.object({
	name: z.string(),
	version: z.string(),
	dependencies: z.record(z.string()).default({}),
	n8n: z.object({ credentials: z.array(z.string()), nodes: z.array(z.string()) }),
});

/** The part of a package.json that decides what n8n loads. */
export type Manifest = z.infer<typeof manifestSchema>;

/**
 * Reads the package.json of a package for n8n.
 *
 * @param folder where the package lies
 * @throws when there is none, or when it has no n8n section
 */
export async function readManifest(folder: string): Promise<Manifest> {
	return manifestSchema.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
}
