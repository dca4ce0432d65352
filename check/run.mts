/** The one gate (`npm run check`): everything that has to be right before the package may be published, in this order. */
import { fileURLToPath } from 'node:url';

import type { Outcome, Step } from './runStep.mjs';
import { runStep } from './runStep.mjs';
import { summary } from './summary.mjs';

const steps: readonly Step[] = [
	{ name: "n8n's lint", command: ['n8n-node', 'lint'] },
	// It passes with warnings, and whoever reviews the package for n8n reads those too.
	{ name: "n8n's lint, without a warning", command: ['eslint', '--max-warnings', '0', '.'] },
	{
		name: 'lint of the programs',
		command: ['eslint', '--config', 'eslint.tools.mjs', '--max-warnings', '0', '.'],
	},
	{ name: 'types', command: ['tsc', '--noEmit'] },
	{ name: 'tests, which leave nothing of the package untried', command: ['npm', 'run', 'coverage'] },
	{ name: 'build', command: ['gulp', 'build'] },
	{ name: 'package contents', command: ['tsx', 'check/packageContents.mts'] },
	{ name: "n8n's scan of the package", command: ['tsx', 'check/scanPackage.mts'] },
];

const root = fileURLToPath(new URL('..', import.meta.url));
const outcomes: Outcome[] = [];
for (const step of steps) {
	console.log(`> ${step.name}: ${step.command.join(' ')}`);
	const outcome = await runStep(step, root);
	outcomes.push(outcome);
	if (!outcome.passed) console.log(outcome.output);
}
console.log(`\n${summary(outcomes)}`);
process.exitCode = outcomes.every(({ passed }) => passed) ? 0 : 1;
