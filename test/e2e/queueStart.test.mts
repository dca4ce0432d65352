import { setTimeout as sleep } from 'node:timers/promises';

import { QueueTrigger } from './support/QueueTrigger.mjs';
import { until } from './support/until.mjs';
import { manyLeads, openWorld, type World } from './support/world.mjs';

jest.setTimeout(400_000);

let world: World;
beforeAll(async () => {
	world = await openWorld({ portal: { leads: manyLeads(5) } });
});
afterAll(async () => await world?.close());

test('a portal that is away for two minutes while n8n starts does not silence the trigger', async () => {
	const { portal } = world;
	const trigger = await QueueTrigger.active(world);
	await world.n8n.kill();
	portal.faults.next('*', 'reset', 1e6);
	await world.n8n.start();
	portal.clearCalls();
	await until('it has asked the portal', () => portal.calls.length > 0, 120_000);
	await sleep(120_000);
	const ids = portal.leads.list().map(({ ID }) => Number(ID));
	portal.leads.delete(ids);
	portal.faults.clear();
	await trigger.drained(120_000);
	expect((await trigger.items()).map(({ leadId }) => leadId)).toEqual(ids);
	expect(await trigger.executions('error')).toEqual([]);
});
