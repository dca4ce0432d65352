import { pendingAcksOf } from '../../../../nodes/Bitrix24/queue/pendingAcks.js';
import { setUpQueue } from '../../../../nodes/Bitrix24/queue/setup.js';
import { readQueueSettings } from '../../../../nodes/Bitrix24/settings/settings.js';
import { connectedApp } from '../../../fakes/credentials.mjs';
import type { SimulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { triggerContext } from '../../../fakes/triggerContext.mjs';

interface Given {
	form?: { [name: string]: unknown };
	features?: { [code: string]: string };
	portal?: ReturnType<typeof simulatedPortal>;
}

/** Makes the queue of a trigger ready. */
async function prepared({ form = {}, features = {}, portal = simulatedPortal() }: Given = {}) {
	portal.include(features);
	const trigger = triggerContext({ parameters: form, portal });
	const { signal } = new AbortController();
	const ready = await setUpQueue(trigger.context, readQueueSettings(trigger.context), signal, true);
	return { ...trigger, ready };
}

const called = ({ calls }: ReturnType<typeof simulatedPortal>) => calls.map(({ method }) => method);

describe('prepare', () => {
	it('looks at plan, app and rights, and lets the portal collect the selected events', async () => {
		const { ready, portal, log } = await prepared({ form: { events: ['ONLEADDELETE', 'ONCRMLEADADD'] } });
		expect(called(portal)).toEqual([
			'feature.get',
			'feature.get',
			'app.info',
			'profile',
			'events',
			'event.get',
			'event.bind',
			'event.bind',
		]);
		expect(portal.handlers()).toEqual(
			['ONCRMLEADDELETE', 'ONCRMLEADADD'].map((event) => ({
				event,
				connector_id: 'n8n_workflow-1_node-1',
				offline: 1,
			})),
		);
		const { client_endpoint: endpoint } = connectedApp.oauthTokenData;
		const { memberId } = portal.simulator;
		expect(ready).toMatchObject({
			events: ['ONCRMLEADDELETE', 'ONCRMLEADADD'],
			isExclusive: true,
			canReserve: true,
			portal: { memberId, endpoint, status: 'L' },
		});
		expect(log).toEqual([]);
	});

	it("reads the trigger's own queue", async () => {
		const { ready, portal } = await prepared();
		portal.queue([1], { connector: 'n8n_workflow-1_node-1' });
		portal.queue([2]);
		expect((await ready.queue.reserve({ limit: 10, event: null })).records.map(({ ID }) => ID)).toEqual(['1']);
		await ready.queue.acknowledge('process-1', ['1']);
		expect(portal.records()).toMatchObject([{ ID: '2' }]);
	});

	it('knows what is still owed to its queue, and to no other', async () => {
		const portal = simulatedPortal();
		const app = { memberId: portal.simulator.memberId, clientId: connectedApp.clientId };
		pendingAcksOf(app, 'n8n_workflow-1_node-1').acknowledge('process', ['1']);
		expect((await prepared({ portal })).ready.pendingAcks.has('process', '1')).toBe(true);
		const named = await prepared({ portal, form: { options: { queueName: 'leads' } } });
		expect(named.ready.pendingAcks.has('process', '1')).toBe(false);
	});

	it('changes nothing when it is repeated', async () => {
		const { portal } = await prepared();
		const before = JSON.stringify(portal.handlers());
		portal.calls.length = 0;
		await prepared({ portal });
		expect(JSON.stringify(portal.handlers())).toBe(before);
		expect(called(portal)).not.toContain('event.bind');
	});
});

describe('what stands in the way', () => {
	it.each([
		[
			(portal: SimulatedPortal) => void (portal.simulator.app.installed = false),
			"The app's installation in Bitrix24 is not complete",
		],
		[
			(portal: SimulatedPortal) => void portal.simulator.users.forEach((user) => (user.admin = false)),
			'The credential is connected as a user who is not an administrator of the portal, and Bitrix24 queues events for administrators only.',
		],
		[
			(portal: SimulatedPortal) => void (portal.simulator.events = ['ONCRMLEADADD']),
			'This portal does not know ONCRMLEADDELETE.',
		],
	])('is said, and nothing is collected (%#)', async (change, what) => {
		const portal = simulatedPortal();
		change(portal);
		await expect(prepared({ portal })).rejects.toThrow(what);
		expect(portal.handlers()).toEqual([]);
	});

	it('is said where no event is selected', async () => {
		await expect(prepared({ form: { events: [] } })).rejects.toThrow('No event is selected.');
	});

	it.each(['afterSuccess', 'afterFinish'])('is a plan without reservation, for %s', async (acknowledge) => {
		const portal = simulatedPortal();
		const features = { rest_offline_extended: 'N' };
		await expect(prepared({ portal, features, form: { acknowledge } })).rejects.toThrow(
			'The portal\'s Bitrix24 plan does not let n8n reserve queued events, so events would be lost whenever n8n stops in the middle of a run. If that is acceptable, choose "On Receipt" in "Acknowledge". Otherwise upgrade the plan to one with extended offline events, or use the Bitrix24 Trigger.',
		);
		expect(portal.handlers()).toEqual([]);
	});

	it('is no plan without reservation on receipt', async () => {
		const { ready } = await prepared({
			features: { rest_offline_extended: 'N' },
			form: { acknowledge: 'onReceipt' },
		});
		expect(ready.canReserve).toBe(false);
	});
});

describe('a queue that others use', () => {
	it('is warned of where the plan has no other', async () => {
		const { ready, portal, log } = await prepared({ features: { rest_auth_connector: 'N' } });
		expect(ready.isExclusive).toBe(false);
		expect(portal.handlers()).toEqual([{ event: 'ONCRMLEADDELETE', connector_id: '', offline: 1 }]);
		expect(log).toEqual([
			'warn: Bitrix24 Queue Trigger "When a Lead Goes" in workflow workflow-1: the portal\'s Bitrix24 plan has one queue for everything that uses this app, so two Bitrix24 Queue Triggers would take each other\'s events. Use one trigger for each app.',
		]);
	});

	it('may collect for them too, which is told', async () => {
		const portal = simulatedPortal();
		for (const event of ['ONCRMLEADADD', 'ONCRMDEALADD']) {
			portal.bind({ event, connector_id: 'leads', offline: 1 });
		}
		const { ready, log } = await prepared({ portal, form: { options: { queueName: 'leads' } } });
		expect(ready).toMatchObject({ isExclusive: false, events: ['ONCRMLEADDELETE'] });
		expect(log).toEqual([
			'warn: Bitrix24 Queue Trigger "When a Lead Goes" in workflow workflow-1: the queue "leads" also collects ONCRMLEADADD, ONCRMDEALADD, which this workflow does not select: they are left to whoever else uses it.',
		]);
		expect(portal.handlers()).toHaveLength(3);
	});

	it('is not told twice of, where the plan has no other', async () => {
		const portal = simulatedPortal();
		portal.bind({ event: 'ONCRMLEADADD', connector_id: '', offline: 1 });
		const { log } = await prepared({ portal, features: { rest_auth_connector: 'N' } });
		expect(log).toHaveLength(1);
	});

	it('is nothing to tell of where they collect nothing else', async () => {
		const { log } = await prepared({ form: { options: { queueName: 'leads' } } });
		expect(log).toEqual([]);
	});
});
