import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** One thing that has to be right before the package may be published. */
export interface Step {
	/** What is checked, for the summary. */
	name: string;
	/** A program of node_modules/.bin or of the path, and its arguments. */
	command: readonly [program: string, ...args: string[]];
}

/** How a step went. */
export interface Outcome {
	name: string;
	passed: boolean;
	/** How long it took. */
	seconds: number;
	/** All that the program said, on both channels, in the order in which it came. */
	output: string;
}

/**
 * Runs one step to its end.
 *
 * @param step what to run
 * @param root the folder of the project
 * @returns how it went; a program that can not be started has not passed
 */
export async function runStep(step: Step, root: string): Promise<Outcome> {
	const started = performance.now();
	const { code, output } = await run(step.command, root);
	return { name: step.name, passed: code === 0, seconds: (performance.now() - started) / 1000, output };
}

function run([program, ...args]: Step['command'], cwd: string): Promise<{ code: number | null; output: string }> {
	// As npm does it for its scripts, so that a step runs the same way from anywhere.
	const PATH = [join(cwd, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
	return new Promise((resolve) => {
		const child = spawn(program, args, { cwd, env: { ...process.env, PATH }, stdio: ['ignore', 'pipe', 'pipe'] });
		let output = '';
		const collect = (chunk: Buffer) => {
			output += chunk.toString();
		};
		child.stdout.on('data', collect);
		child.stderr.on('data', collect);
		child.on('error', (error) => resolve({ code: null, output: `${output}${error.message}\n` }));
		child.on('close', (code) => resolve({ code, output }));
	});
}
