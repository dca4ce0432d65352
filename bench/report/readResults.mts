import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { Result } from './markdown.mjs';

const machine = z.object({
	date: z.string(),
	processor: z.string(),
	cores: z.number(),
	memoryGb: z.number(),
	node: z.string(),
	load: z.array(z.number()),
});

const result = z.object({
	part: z.string(),
	command: z.string(),
	quick: z.literal(false),
	before: machine,
	after: machine,
	tables: z.array(
		z.object({
			title: z.string(),
			columns: z.array(z.string()),
			rows: z.array(z.array(z.union([z.string(), z.number()]))),
		}),
	),
	targets: z.array(z.object({ what: z.string(), target: z.string(), measured: z.string(), isMet: z.boolean() })),
});

/** Every part of the benchmark, in the order of the documents. */
export const PARTS = ['delivery', 'load', 'http', 'queue'] as const;

/**
 * What each part has found the last time, in the order of `PARTS`; without those that have never been run, or only quickly.
 *
 * @param folder `bench/results`
 */
export async function readResults(folder: string): Promise<Result[]> {
	const there = new Set(await readdir(folder));
	const files = PARTS.map((part) => `${part}.json`)
		.filter((name) => there.has(name))
		.map((name) => join(folder, name));
	return await Promise.all(files.map(async (file) => result.parse(JSON.parse(await readFile(file, 'utf8')))));
}
