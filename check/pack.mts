import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { x as extract } from 'tar';
import { z } from 'zod';

const answerSchema = z.tuple([
	z.object({ filename: z.string(), size: z.number(), files: z.array(z.object({ path: z.string() })) }),
]);

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
 * Packs a package as `npm publish` would, unpacks the tarball, and takes both away again when the work is done.
 *
 * @param root the folder of the package
 * @param work what to do with it
 * @returns what the work returns
 * @throws when npm can not pack it
 */
export async function pack<Result>(root: string, work: (packed: Packed) => Promise<Result>): Promise<Result> {
	const place = await mkdtemp(join(tmpdir(), 'packed-'));
	try {
		const options = ['pack', '--json', '--ignore-scripts', '--pack-destination', place];
		const { stdout } = await promisify(execFile)('npm', options, { cwd: root });
		const [{ filename, size, files }] = answerSchema.parse(JSON.parse(stdout));
		await extract({ file: join(place, filename), cwd: place });
		return await work({ files: files.map(({ path }) => path), size, folder: join(place, 'package') });
	} finally {
		await rm(place, { recursive: true, force: true });
	}
}
