import { refusalOf } from './refusalOf.mjs';
import type { TriggerOptions, TriggerWorld, useTrigger } from './useTrigger.mjs';

/**
 * Activates a trigger that is to be refused, and expects that nothing is left bound.
 *
 * @param prepare brings about what it is refused for
 * @returns what the user reads
 */
export async function refusedActivation(
	openTrigger: ReturnType<typeof useTrigger>,
	options: TriggerOptions = {},
	prepare: (world: TriggerWorld) => unknown = () => undefined,
): Promise<string> {
	const world = await openTrigger(options);
	await prepare(world);
	const message = await refusalOf(world.n8n.activate());
	await world.settled();
	expect(world.portal.handlers()).toEqual([]);
	expect(world.n8n.executions).toEqual([]);
	return message;
}
