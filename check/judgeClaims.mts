import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Packed } from './pack.mjs';

const claim = /about (\d+) kB and about (\d+) files \(rounded to (\d+) kB and (\d+) files/;

/**
 * Says what the README claims wrongly about the package that it is packed in.
 *
 * @param packed the package, packed and unpacked again
 * @returns one sentence for each thing that is wrong, none when the README is right
 */
export async function judgeClaims({ folder, files, size }: Packed): Promise<string[]> {
	const [, ...numbers] = claim.exec(await readFile(join(folder, 'README.md'), 'utf8')) ?? [];
	const [kilobytes, count, toKilobytes, toFiles] = numbers.map(Number);
	if (!kilobytes || !count || !toKilobytes || !toFiles) return ['README.md does not say how large the package is.'];
	const isNear = (claimed: number, real: number, to: number) => Math.abs(claimed - real) <= to / 2;
	return [
		...(isNear(kilobytes, size / 1000, toKilobytes)
			? []
			: [`README.md says that the package has about ${kilobytes} kB: it has ${(size / 1000).toFixed(1)}.`]),
		...(isNear(count, files.length, toFiles)
			? []
			: [`README.md says that the package has about ${count} files: it has ${files.length}.`]),
	];
}
