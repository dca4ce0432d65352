import type { Simulator } from '../../simulator/index.mjs';
import { clientFor } from '../simulator/client.mjs';
import { Trigger } from './support/Trigger.mjs';
import { until } from './support/until.mjs';
import { openWorld, type World } from './support/world.mjs';

jest.setTimeout(240_000);

const DELETED = 'ONCRMLEADDELETE';
const CHANGES = ['event.bind', 'event.unbind', 'event.test'];

// n8n 2.41 keeps webhooks as they are when it starts. Before, and with this setting, it looks at each of them.
const env = { N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'false' };

let world: World;
let portal: Simulator;
beforeAll(async () => {
	world = await openWorld({ env });
	({ portal } = world);
});
afterAll(async () => await world?.close());

describe('an n8n that looks at its triggers when it starts', () => {
	test('finds everything in order, and changes nothing', async () => {
		const trigger = await Trigger.active(world);
		portal.clearCalls();
		await world.n8n.restart();
		await until('it has looked', () => portal.calls.some(({ method }) => method === 'event.get'));
		portal.leads.delete(1);
		expect(await trigger.items(1)).toEqual([expect.objectContaining({ leadId: 1 })]);
		expect(portal.calls.filter(({ method }) => CHANGES.includes(method))).toEqual([]);
		expect(trigger.bound()).toEqual([DELETED]);
		await trigger.deactivate();
	});

	test('mends what the portal has lost, and what is left over', async () => {
		const trigger = await Trigger.active(world, { parameters: { events: [DELETED, 'ONCRMDEALADD'] } });
		await world.n8n.stop();
		const call = clientFor(portal);
		await call('event.bind', { event: 'ONCRMLEADADD', handler: trigger.url });
		await call('event.unbind', { event: 'ONCRMDEALADD', handler: trigger.url });
		await world.n8n.start();
		await until('both are mended', () => trigger.bound().join() === `ONCRMDEALADD,${DELETED}`);
		await trigger.deactivate();
		expect(portal.handlers()).toEqual([]);
	});

	test('asks again for an application token that it does not know', async () => {
		portal.faults.deliveries = 'lost';
		const trigger = await Trigger.add(world);
		await trigger.activate();
		await portal.idle();
		portal.faults.clear();
		expect((await trigger.receive(portal.delivery(DELETED, {}, { by: 'robot' }))).status).toBe(403);
		await world.n8n.restart();
		await trigger.learned();
		expect(trigger.bound()).toEqual([DELETED]);
		await trigger.deactivate();
	});

	test('gets over a portal that does not answer then', async () => {
		const trigger = await Trigger.active(world);
		await world.n8n.stop();
		portal.clearCalls();
		portal.faults.next('*', 'reset', 1000);
		await world.n8n.start();
		await until('it has asked the portal', () => portal.calls.length > 0);
		portal.faults.clear();
		await until('the trigger receives again', async () => {
			const { status } = await trigger.receive(portal.delivery('ONAPPUPDATE', {}, { by: 'robot' }));
			return status === 200;
		});
		await until('it has its handler', () => trigger.bound().join() === DELETED);
		await trigger.deactivate();
	});
});
