import type { Result } from './markdown.mjs';
import { tableLines } from './markdown.mjs';

/** What was to be reached, whether it is, and the command that measured it. */
export function targetsTable(results: readonly Result[]): string {
	return tableLines({
		columns: ['What', 'Target', 'Measured', 'Met', 'Measured by'],
		rows: results.flatMap(({ command, targets }) =>
			targets.map(({ what, target, measured, isMet }) => [
				what,
				target,
				measured,
				isMet ? 'yes' : 'no',
				`\`${command}\``,
			]),
		),
	});
}
