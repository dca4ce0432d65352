import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { compatibility, compatibilityTable } from '../e2e/support/compat/compatibilityTable.mjs';
import { lookedUp, plain } from './place.mjs';

const root = join(__dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const found = compatibility.parse(JSON.parse(read('docs/compatibility.json')));
const tried = found.attempts.flatMap((attempt) => ('passed' in attempt ? [attempt] : []));

it('is on its page as it was found', () => {
	expect(plain(lookedUp(read('docs/compatibility.md'), 'compatibility'))).toBe(plain(compatibilityTable(found)));
});

it('was found on every n8n that starts, with every test passed', () => {
	expect(tried.map(({ n8n }) => n8n)).toEqual(expect.arrayContaining(['1.123.81', '2.41.1']));
	expect(tried.filter(({ passed, total }) => total === 0 || passed !== total)).toEqual([]);
});

it('begins with the Node.js that the package asks for', () => {
	const { engines } = z.object({ engines: z.object({ node: z.string() }) }).parse(JSON.parse(read('package.json')));
	const lowest = engines.node.replace('>=', '');
	const majors = tried.map(({ node }) => Number.parseInt(node, 10));
	expect(Number.parseInt(lowest, 10)).toBe(Math.min(...majors));
	for (const page of ['README.md', 'CONTRIBUTING.md']) expect(read(page)).toContain(`Node.js ${lowest} or newer`);
});
