import { Trigger } from './support/Trigger.mjs';
import { openWorld, type World } from './support/world.mjs';

jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
	world = await openWorld();
});
afterAll(async () => await world?.close());

test('a deleted lead starts the workflow', async () => {
	const { portal } = world;
	const trigger = await Trigger.active(world);
	portal.leads.delete(1);
	expect(await trigger.items(1)).toEqual([expect.objectContaining({ event: 'ONCRMLEADDELETE', leadId: 1 })]);
});
