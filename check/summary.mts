import type { Outcome } from './runStep.mjs';

/**
 * Writes what the gate found, one line a step.
 *
 * @param outcomes how each step went, in the order in which they ran
 * @returns the lines, with a verdict as the last of them
 */
export function summary(outcomes: readonly Outcome[]): string {
	const width = Math.max(0, ...outcomes.map(({ name }) => name.length));
	const lines = outcomes.map(
		({ name, passed, seconds }) =>
			`${passed ? 'ok    ' : 'FAILED'}  ${name.padEnd(width)}  ${seconds.toFixed(1).padStart(6)} s`,
	);
	const failed = outcomes.filter(({ passed }) => !passed).length;
	const verdict = failed === 0 ? 'Everything passed.' : `${failed} of ${outcomes.length} failed.`;
	return [...lines, '', verdict].join('\n');
}
