import type { useTrigger, TriggerWorld } from './useTrigger.mjs';

/** A trigger that is active, but has not learned its application token: the portal's answer got lost. */
export async function withLostAnswer(openTrigger: ReturnType<typeof useTrigger>): Promise<TriggerWorld> {
	const world = await openTrigger();
	world.portal.faults.deliveries = 'lost';
	await world.activate();
	world.portal.faults.deliveries = null;
	return world;
}

/** What a trigger keeps in its workflow, as a text. */
export function learned({ n8n }: TriggerWorld): string {
	return JSON.stringify(n8n.workflow.nodeStaticData);
}
