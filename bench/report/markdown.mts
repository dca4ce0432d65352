import type { Findings, Table } from './Part.mjs';
import type { Machine } from './machine.mjs';

/** What a part has found out, where and when. */
export interface Result extends Findings {
	part: string;
	command: string;
	/** Tiny runs that only show that the benchmark works: no figures to quote. */
	quick: boolean;
	before: Machine;
	after: Machine;
}

/** A result as Markdown, for people on a terminal and in the documentation. */
export function markdown({ command, quick, before, after, tables, targets }: Result): string {
	const { date, processor, cores, memoryGb, node } = before;
	const load = [before, after].map((machine) => machine.load[0]).join(' before, ');
	return [
		`\`${command}\`, ${date}, ${cores} cores (${processor}), ${memoryGb} GB, Node.js ${node}, load ${load} after${quick ? ' (a quick run: no figures to quote)' : ''}`,
		...tables.map(tableOf),
		tableOf({
			title: 'Targets',
			columns: ['What', 'Target', 'Measured', 'Met'],
			rows: targets.map(({ what, target, measured, isMet }) => [what, target, measured, isMet ? 'yes' : 'no']),
		}),
	].join('\n\n');
}

function tableOf({ title, ...table }: Table): string {
	return `**${title}**\n\n${tableLines(table)}`;
}

/** A table as Markdown, its first column to the left. */
export function tableLines({ columns, rows }: Omit<Table, 'title'>): string {
	const line = (cells: ReadonlyArray<string | number>) => `| ${cells.join(' | ')} |`;
	const ruler = columns.map((_, index) => (index === 0 ? '---' : '---:'));
	return [line(columns), line(ruler), ...rows.map(line)].join('\n');
}
