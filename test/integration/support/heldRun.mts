import type { Ending, Run } from './startTrigger.mjs';

/** Executions that go on until the test ends them; those that are begun afterwards succeed at once. */
export function heldRun(): { run: Run; end(ending?: Ending): void } {
	let settle: (ending: Ending) => void = () => undefined;
	const ended = new Promise<Ending>((resolve) => (settle = resolve));
	return {
		run: async () => await ended,
		end: (ending = 'success') => settle(ending),
	};
}
