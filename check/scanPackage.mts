/**
 * Runs what n8n runs over a published package before it verifies it (`npx @n8n/scan-community-package`): over the
 * sources, and over the tarball. n8n takes both from the registry and from GitHub; here they are the ones at hand.
 *
 * tsx check/scanPackage.mts [folder of a package, else this one]
 */
import { fileURLToPath } from 'node:url';
import { analyzePackage, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';

import { pack } from './pack.mjs';

// What n8n's scanner looks at in a tarball. It looks at no declarations, and judges codex files in the sources.
const tarballPatterns = ['**/*.js', 'package.json'];

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const results = {
	sources: await analyzePackage(root, SOURCE_FILE_PATTERNS),
	tarball: await pack(root, ({ folder }) => analyzePackage(folder, tarballPatterns)),
};
for (const [name, { passed, message, details }] of Object.entries(results)) {
	// "No files found to analyze" counts as passed over there.
	const isClean = passed && message === undefined;
	console.log(`${name}: ${isClean ? 'nothing found' : (message ?? 'something found')}`);
	if (isClean) continue;
	console.log(details ?? '');
	process.exitCode = 1;
}
