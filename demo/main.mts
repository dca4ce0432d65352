import { readFileSync } from 'node:fs';
import { z } from 'zod';

import { tooOld } from './tooOld.mjs';

/** `npm start`. What the demo is made of is loaded last: an old Node.js cannot even read it, and would not say why. */

const manifest = z.object({ engines: z.object({ node: z.string() }) });
const { engines } = manifest.parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')));
const advice = tooOld(process.versions.node, engines.node);
if (advice === undefined) {
	await import('./start.mjs');
} else {
	console.error(advice);
	process.exitCode = 1;
}
