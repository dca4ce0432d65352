import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const project = join(__dirname, '../..');
const program = join(project, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const rules = join(project, '.dependency-cruiser.mjs');

const reportSchema = z.object({
	modules: z.array(z.object({ source: z.string() })),
	summary: z.object({
		violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
	}),
});

/** An import that a rule forbids. */
export interface Breach {
	rule: string;
	from: string;
	to: string;
}

/**
 * Holds the package's sources against the rules of .dependency-cruiser.mjs.
 *
 * @param root the folder in which `nodes` and `credentials` lie
 * @returns the files it looked at, and the imports that the rules forbid
 * @throws when the rules can not be checked
 */
export async function breaches(root: string): Promise<{ files: string[]; found: Breach[] }> {
	const folders = ['nodes', 'credentials'].filter((folder) => existsSync(join(root, folder)));
	const report = reportSchema.parse(JSON.parse(await cruise(root, folders)));
	const found = report.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
	return { files: report.modules.map(({ source }) => source), found };
}

// In a process of its own: dependency-cruiser is ESM, which jest's module loader does not load.
function cruise(cwd: string, folders: string[]): Promise<string> {
	const args = [program, '--config', rules, '--output-type', 'json', ...folders];
	return new Promise((resolve, reject) => {
		// It exits with the number of breaches, so an answer is what tells success from failure.
		execFile(process.execPath, args, { cwd, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
			if (stdout === '') reject(new Error(stderr, { cause: error }));
			else resolve(stdout);
		});
	});
}
