import { type Choices, runTests } from './support/runTests.mjs';

/** Takes `--n8n VERSION` and `--node MAJOR` off the front of the arguments; the rest is for jest. */
function takeChoices([name, value, ...rest]: readonly string[], taken: Choices = {}): [Choices, readonly string[]] {
	if (name === '--n8n') return takeChoices(rest, { ...taken, n8n: value });
	if (name === '--node') return takeChoices(rest, { ...taken, node: Number(value) });
	return [taken, [name, value, ...rest].filter((argument) => argument !== undefined)];
}

try {
	process.exitCode = (await runTests(...takeChoices(process.argv.slice(2)))).exitCode;
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
