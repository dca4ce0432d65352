/** What the parts of the benchmark find out, as JSON (bench/results) and as Markdown (docs/benchmarks.md, README.md). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

const rowsSchema = z.array(z.array(z.string()));
const findingsSchema = z.object({
	/** By title; the first row has the columns' names. */
	tables: z.record(rowsSchema),
	/** Rows: what, target, measured, met. */
	targets: rowsSchema,
	/** The one figure for the README: what, measured. */
	headline: z.array(z.string()).optional(),
});
const resultSchema = findingsSchema.extend({ command: z.string(), date: z.string(), machine: z.string() });

/** Tables of figures, and whether what was aimed at is reached. */
export type Findings = z.infer<typeof findingsSchema>;

/** A row of the table of targets. */
export function target(what: string, aim: string, measured: string, isMet: boolean): string[] {
	return [what, aim, measured, isMet ? 'yes' : 'no'];
}

/** Findings, and where and when they were made. */
export type Result = z.infer<typeof resultSchema>;

/** One part of the benchmark. */
export interface Part {
	name: (typeof PARTS)[number];
	/** @param setting the only setting of n8n to measure, for the part that has several */
	run(options: { quick: boolean; setting?: string }): Promise<Findings>;
}

/** In the order of the documents. */
export const PARTS = ['delivery', 'load', 'http', 'burst', 'queue'] as const;

/** What each part found out when it was last run in full. */
export async function readResults(folder: string): Promise<Result[]> {
	const texts = PARTS.map(async (part) => await readFile(join(folder, `${part}.json`), 'utf8'));
	return (await Promise.all(texts)).map((text) => resultSchema.parse(JSON.parse(text)));
}

/** One part's figures, with their command and machine. */
export function figures({ command, date, machine, tables }: Result): string {
	const parts = Object.entries(tables).map(([title, rows]) => `**${title}**\n\n${tableOf(rows)}`);
	return [`\`${command}\`, ${date}, ${machine}`, ...parts].join('\n\n');
}

/** What was aimed at, and whether it is reached. */
export function targets(results: readonly Result[]): string {
	return tableOf([['What', 'Target', 'Measured', 'Met'], ...results.flatMap(({ targets }) => targets)]);
}

/** The figures that a user cares about. */
export function headlines(results: readonly Result[]): string {
	const rows = results.flatMap(({ headline, command }) => (headline ? [[...headline, `\`${command}\``]] : []));
	return tableOf([['What', 'Measured', 'Command'], ...rows]);
}

function tableOf([columns = [], ...rows]: string[][]): string {
	const ruler = columns.map((_, index) => (index === 0 ? '---' : '---:'));
	return [columns, ruler, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The value below which a share of the samples lies. @param share between 0 and 1 */
export function quantile(samples: readonly number[], share: number): number {
	const sorted = samples.toSorted((a, b) => a - b);
	return sorted[Math.floor(share * sorted.length)] ?? NaN;
}

export const median = (samples: readonly number[]) => quantile(samples, 0.5);
