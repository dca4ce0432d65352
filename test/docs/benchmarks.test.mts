import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { figures, headlines, PARTS, readResults, targets } from '../../bench/report.mjs';
import { lookedUp, plain } from './place.mjs';

const root = join(__dirname, '../..');
const written = (file: string, place: string) =>
	plain(lookedUp(readFileSync(join(root, file), 'utf8'), `bench ${place}`));
const results = readResults(join(root, 'bench/results'));

it('shows in the README the figures that a user cares about, as they were measured', async () => {
	expect(written('README.md', 'figures')).toBe(plain(headlines(await results)));
});

it('shows which targets were met when they were measured', async () => {
	expect(written('docs/benchmarks.md', 'targets')).toBe(plain(targets(await results)));
});

it.each(PARTS.map((part, index) => ({ part, index })))(
	'shows the figures of $part as measured',
	async ({ part, index }) => {
		const result = (await results)[index];
		if (result === undefined) throw new Error(`There is no result of ${part}`);
		expect(written('docs/benchmarks.md', part)).toBe(plain(figures(result)));
	},
);
