import type { IHookFunctions } from 'n8n-workflow';

type Named = Pick<IHookFunctions, 'getWorkflow' | 'getNode'>;

// n8n takes a trigger down whose activation was refused, at once and in the same process. When that fails as well, it
// keeps the webhook's path and counts the trigger as registered: the next activation of the same version then succeeds
// without a call to us, and the workflow looks active while nothing is bound.
const begun = new Set<string>();

function keyOf(context: Named): string {
	return `${context.getWorkflow().id}/${context.getNode().id}`;
}

/**
 * Runs a step of an activation, and remembers the activation as long as it has not succeeded.
 *
 * @throws what the step throws
 */
export async function activating<T>(context: Named, step: () => Promise<T>): Promise<T> {
	const key = keyOf(context);
	begun.add(key);
	const result = await step();
	begun.delete(key);
	return result;
}

/** Whether the trigger is taken down because its activation was refused a moment ago. True once for each refusal. */
export function isCleaningUp(context: Named): boolean {
	return begun.delete(keyOf(context));
}
