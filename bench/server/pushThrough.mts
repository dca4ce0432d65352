import { until } from '../../test/e2e/support/until.mjs';
import { Trigger } from '../../test/e2e/support/Trigger.mjs';
import type { World } from '../../test/e2e/support/world.mjs';
import { quiet } from './quiet.mjs';

/** Lets a portal deliver deleted leads to a Bitrix24 Trigger. @returns events a second, until the last has run */
export async function pushThrough(world: World, events: number): Promise<number> {
	const { portal, client } = world;
	const trigger = await Trigger.active(world);
	const before = (await client.executions(trigger.id)).length;
	const begin = performance.now();
	for (let id = 1; id <= events; id++) portal.fire('ONCRMLEADDELETE', { FIELDS: { ID: String(id) } });
	await portal.idle();
	await quiet(world, trigger.id);
	const seconds = (performance.now() - begin) / 1000;
	await until('every delivery has run', async () => (await client.executions(trigger.id)).length - before === events);
	await trigger.deactivate();
	return events / seconds;
}
