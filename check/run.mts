/**
 * The gate (`npm run check`): everything that has to be right before the package may be published. What looks at the
 * sources and at the package runs beside the tests.
 */
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { Listr, type ListrTask, PRESET_TIMER } from 'listr2';

const cwd = fileURLToPath(new URL('..', import.meta.url));

/** What the steps said that failed. listr2 itself forgets those of subtasks that may fail. */
const failures: string[] = [];

/** A program of node_modules/.bin or of the path: what it says is shown where it fails. */
function step(title: string, program: string, ...args: string[]): ListrTask {
	return {
		title,
		async task() {
			const { failed, command, all } = await execa(program, args, { cwd, all: true, preferLocal: true, reject: false });
			if (!failed) return;
			failures.push(`${command}\n${all}`);
			throw new Error(`${command} failed`);
		},
	};
}

const inOrder = { concurrent: false, exitOnError: false } as const;

const gate = new Listr(
	[
		{
			title: 'Sources and package',
			task: (_, task) =>
				task.newListr(
					[
						step("n8n's lint", 'n8n-node', 'lint'),
						// It passes with warnings, and whoever reviews the package for n8n reads those too.
						step("n8n's lint, without a warning", 'eslint', '--max-warnings', '0', '.'),
						step('Lint of the programs', 'eslint', '--config', 'eslint.tools.mjs', '--max-warnings', '0', '.'),
						step('Types', 'tsc', '--noEmit'),
						step('Who imports whom', 'depcruise', 'nodes', 'credentials'),
						step('Format', 'prettier', '--check', '.'),
						step('Build', 'gulp', 'build'),
						step('Package contents', 'tsx', 'check/packageContents.mts'),
						step('Package, by publint', 'publint', '--strict'),
						step("n8n's scan of sources and package", 'tsx', 'check/scanPackage.mts'),
					],
					inOrder,
				),
		},
		step('Tests, which leave nothing of the package untried', 'npm', 'run', 'coverage'),
	],
	{
		concurrent: true,
		exitOnError: false,
		rendererOptions: { collapseSubtasks: false, timer: PRESET_TIMER },
		fallbackRendererOptions: { timer: PRESET_TIMER },
	},
);

await gate.run();
for (const failure of failures) console.error(`\n${failure}`);
console.log(failures.length === 0 ? '\nEverything passed.' : `\n${failures.length} failed.`);
process.exitCode = failures.length === 0 ? 0 : 1;
