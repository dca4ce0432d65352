import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { OpenN8n } from '../integration/support/openN8n.mjs';

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

/** The portal on the page. */
export const company = 'https://your-company.bitrix24.com';

/** What n8n's log says above the level at which nobody reads. */
export function logged({ n8n }: Pick<OpenN8n, 'n8n'>): string[] {
	return n8n.log.filter((line) => /^(?:warn|error): /.test(line));
}

/**
 * Expects a diagnosis to quote exactly what was said, in this order.
 *
 * @param addresses those of the test, and what the page shows in their place
 */
export function expectQuotes(number: number, said: readonly string[], addresses: Record<string, string>): void {
	expect(said.map((text) => asOnThePage(text, addresses))).toEqual(readDiagnoses().get(number)?.quotes);
}
