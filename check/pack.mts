import { rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { extract, list } from 'tar';

import { packPackage } from '../host/index.mjs';

/** A package as npm would publish it. */
export interface Packed {
	/** Every file in the tarball, as a path within the package. */
	files: string[];
	/** The size of the tarball, in bytes. */
	size: number;
	/** Where the tarball lies unpacked. */
	folder: string;
}

/**
 * Packs a package as it lies there, unpacks the tarball, and takes both away again when the work is done.
 *
 * @param root the folder of the package
 * @param work what to do with it
 * @returns what the work returns
 * @throws when npm cannot pack it
 */
export async function pack<Result>(root: string, work: (packed: Packed) => Promise<Result>): Promise<Result> {
	const file = await packPackage({ folder: root, build: false });
	const place = dirname(file);
	try {
		const files: string[] = [];
		await list({ file, onReadEntry: ({ path }) => files.push(path.replace(/^package\//, '')) });
		await extract({ file, cwd: place });
		return await work({ files: files.sort(), size: (await stat(file)).size, folder: join(place, 'package') });
	} finally {
		await rm(place, { recursive: true, force: true });
	}
}
