import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One diagnosis of docs/troubleshooting.md. */
export interface Diagnosis {
	title: string;
	/** The messages of this package that it quotes, in their order. */
	quotes: string[];
	/** What it quotes of n8n's own windows. */
	windows: string[];
}

const page = join(__dirname, '../../docs/troubleshooting.md');

/** The page's diagnoses, by their number. */
export function readDiagnoses(): Map<number, Diagnosis> {
	const sections = readFileSync(page, 'utf8').split(/^## /m);
	return new Map(
		sections.flatMap((section) => {
			const [, number, title = ''] = /^(\d+)\. (.+)$/m.exec(section.split('\n', 1)[0] ?? '') ?? [];
			if (number === undefined) return [];
			const quotes = [...section.matchAll(/^> (.+)$/gm)].map(([, text = '']) => text);
			const windows = [...section.matchAll(/^```text\n([^]*?)\n```$/gm)].map(([, text = '']) => text);
			return [[Number(number), { title, quotes, windows }] as const];
		}),
	);
}

/** Puts the page's addresses in the place of those that a test happens to have. */
export function asOnThePage(text: string, addresses: Readonly<Record<string, string>>): string {
	const hosts = Object.entries(addresses).map(([real, shown]) => [new URL(real).host, new URL(shown).host] as const);
	return [...Object.entries(addresses), ...hosts]
		.reduce((changed, [real, shown]) => changed.replaceAll(real, shown), text)
		.replace(/^(?:error|warn|info|debug): /, '')
		.replace(/ in workflow [^ :]+: /, ' in workflow 12: ')
		.replace(/webhook\/[0-9a-f-]{36}\/webhook/g, 'webhook/…');
}
