import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { markdown } from '../../bench/report/markdown.mjs';
import { PARTS, readResults } from '../../bench/report/readResults.mjs';
import { targetsTable } from '../../bench/report/targetsTable.mjs';
import { lookedUp, plain } from './place.mjs';

const root = join(__dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const results = readResults(join(root, 'bench/results'));

it('shows in the README which targets were met when they were measured', async () => {
	expect(plain(lookedUp(read('README.md'), 'bench targets'))).toBe(plain(targetsTable(await results)));
});

it.each(PARTS)('shows the figures of "%s" as they were measured', async (part) => {
	const result = (await results).find((one) => one.part === part);
	if (result === undefined) throw new Error(`There is no result of ${part}`);
	expect(plain(lookedUp(read('docs/benchmarks.md'), `bench ${part}`))).toBe(plain(markdown(result)));
});
