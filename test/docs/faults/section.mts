import type { Finding } from './explore.mjs';
import type { Outcome, Setting } from './setting.mjs';

/** Numbers messages, each once. */
export class Messages {
	private readonly all: string[] = [];

	number(told: string): number {
		const message = told.replace(/\b\d\d:\d\d UTC/g, '… UTC');
		if (!this.all.includes(message)) this.all.push(message);
		return this.all.indexOf(message) + 1;
	}

	/** The numbered list of them. */
	list(): string {
		return this.all.map((message, index) => `${index + 1}. ${message}`).join('\n');
	}
}

interface Row {
	calls: string[];
	faults: string[];
	/** What became of it: once, as long as it lasts, and on the portal. */
	cells: string[];
}

/** The part of the page about a setting. Faults of a call that end alike share a row, and so do calls of the same faults. */
export function sectionOf({ title, about }: Setting, findings: readonly Finding[], messages: Messages): string {
	const rows: Row[] = [];
	for (const call of new Set(findings.map((finding) => finding.call))) {
		for (const row of rowsOf(call, findings, messages)) {
			const like = rows.find((one) => isSame(one.faults, row.faults) && isSame(one.cells, row.cells));
			if (like) like.calls.push(call);
			else rows.push(row);
		}
	}
	return [
		`### ${title}`,
		'',
		about,
		'',
		'| Call | What goes wrong | Once | As long as it lasts | Then, on the portal |',
		'| --- | --- | --- | --- | --- |',
		...rows.map(({ calls, faults, cells }) => {
			const names = calls.map((call) => `\`${call}\``).join(', ');
			return `| ${[names, faults.join('; '), ...cells].join(' | ')} |`;
		}),
		'',
	].join('\n');
}

/** The rows of one call. */
function rowsOf(call: string, findings: readonly Finding[], messages: Messages): Row[] {
	const rows: Row[] = [];
	for (const { fault, once, lasting } of findings.filter((finding) => finding.call === call)) {
		const cells = [cell(once, messages), cell(lasting, messages), portalOf(once, lasting)];
		const like = rows.find((row) => isSame(row.cells, cells));
		if (like) like.faults.push(fault);
		else rows.push({ calls: [call], faults: [fault], cells });
	}
	return rows;
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
	return JSON.stringify(some) === JSON.stringify(others);
}

function cell(outcome: Outcome | null, messages: Messages): string {
	if (outcome === null) return '—';
	const texts = outcome.story.map(([what, message]) =>
		message === undefined ? what : `${what} (${messages.number(message)})`,
	);
	return texts.filter((text, index) => text !== texts[index - 1]).join(', then ');
}

function portalOf(once: Outcome | null, lasting: Outcome | null): string {
	const [first, ...more] = new Set([once, lasting].flatMap((outcome) => outcome?.portal ?? []));
	return more.length === 0 ? (first ?? '') : `once: ${first}; lasting: ${more.join()}`;
}
