/**
 * Packs the package and says whether what npm would publish is what n8n needs, and nothing else.
 *
 * tsx check/packageContents.mts [folder of a package, else this one]
 */
import { fileURLToPath } from 'node:url';

import { judgeContents, largestSize } from './judgeContents.mjs';
import { pack } from './pack.mjs';

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const complaints = await pack(root, async (packed) => {
	console.log(`${packed.size} of at most ${largestSize} bytes, ${packed.files.length} files`);
	return await judgeContents(packed);
});
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;
