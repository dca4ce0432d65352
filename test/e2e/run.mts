import { type Choices, runTests } from './support/runTests.mjs';

/** Takes `--n8n VERSION`, `--node MAJOR` and `--long` off the front of the arguments; the rest is for jest. */
function takeChoices([name, ...rest]: readonly string[], taken: Choices = {}): [Choices, readonly string[]] {
	if (name === '--long') return takeChoices(rest, { ...taken, long: true });
	if (name === '--n8n') return takeChoices(rest.slice(1), { ...taken, n8n: rest[0] });
	if (name === '--node') return takeChoices(rest.slice(1), { ...taken, node: Number(rest[0]) });
	return [taken, name === undefined ? [] : [name, ...rest]];
}

try {
	process.exitCode = (await runTests(...takeChoices(process.argv.slice(2)))).exitCode;
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
