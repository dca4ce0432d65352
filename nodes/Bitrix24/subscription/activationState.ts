import type { IHookFunctions } from 'n8n-workflow';

import type { TriggerContext } from '../n8n/processState';
import { processState, triggerKey } from '../n8n/processState';

// n8n takes a trigger down whose activation was refused, at once and in the same process. When that fails as well, it
// keeps the webhook's path and counts the trigger as registered: the next activation of the same version then succeeds
// without a call to us, and the workflow looks active while nothing is bound.
const { unfinishedActivations: unfinished } = processState;

type ActivationContext = TriggerContext & Pick<IHookFunctions, 'getMode'>;

/** The editor that listens and the active workflow are taken down each for itself. */
function keyOf(context: ActivationContext): string {
	return `${triggerKey(context)}/${context.getMode() === 'manual' ? 'test' : 'production'}`;
}

/**
 * Runs a step of an activation, and remembers the activation as long as it has not succeeded.
 *
 * @throws what the step throws
 */
export async function trackActivation<T>(context: ActivationContext, step: () => Promise<T>): Promise<T> {
	const key = keyOf(context);
	unfinished.set(key, '');
	const outcome = step();
	outcome.then(
		() => unfinished.delete(key),
		(error: unknown) => unfinished.set(key, String(error)),
	);
	return await outcome;
}

/**
 * Why the trigger's activation was refused a moment ago, so that it is taken down. Given once for each failure.
 *
 * @returns what was thrown, as a text; null when it is taken down for another reason
 */
export function takeFailedActivation(context: ActivationContext): string | null {
	const error = unfinished.get(keyOf(context)) ?? null;
	unfinished.delete(keyOf(context));
	return error;
}
