import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { explore } from './explore.mjs';
import { Messages, sectionOf } from './section.mjs';
import type { Setting } from './setting.mjs';

const page = join(__dirname, '../../../docs/faults.md');

/** Variable that has the page written in place of compared. */
const writing = 'WRITE_FAULTS';

/**
 * Makes the part of docs/faults.md about one node, and expects that it stands there. With WRITE_FAULTS=1 it is put there.
 *
 * @param node the part's heading
 * @param settings everything that the node does on a portal
 */
export async function expectPart(node: string, settings: readonly Setting[]): Promise<void> {
	const messages = new Messages();
	const sections: string[] = [];
	for (const setting of settings) sections.push(sectionOf(setting, await explore(setting), messages));
	const made = ['', ...sections, `### What ${node} says`, '', messages.list(), ''].join('\n');

	const parts = readFileSync(page, 'utf8').split(/^(?=## )/m);
	const heading = `## ${node}\n`;
	if (process.env[writing] === '1') {
		const changed = parts.map((part) => (part.startsWith(heading) ? `${heading}${made}\n` : part));
		writeFileSync(page, `${changed.join('').trimEnd()}\n`);
	} else {
		const [there = ''] = parts.filter((part) => part.startsWith(heading));
		expect(made.trimEnd()).toBe(there.slice(heading.length).trimEnd());
	}
}
