import { stopCollecting } from '../../../../nodes/Bitrix24/queue/trigger.js';
import { simulatedPortal, refused } from '../../../fakes/simulatedPortal.mjs';
import { triggerContext } from '../../../fakes/triggerContext.mjs';

const settings = { queueName: '', events: ['ONCRMLEADDELETE'] };
const collected = { event: 'ONCRMLEADDELETE', connector_id: 'n8n_workflow-1_node-1', offline: 1 };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('stopCollecting', () => {
	it('stops the collecting, and lets what is queued be', async () => {
		const portal = simulatedPortal();
		portal.bind(collected, { ...collected, connector_id: 'another' });
		portal.queue([1], { connector: collected.connector_id });
		const { context, log } = triggerContext({ portal });
		await stopCollecting(context, settings);
		expect(portal.handlers()).toEqual([{ ...collected, connector_id: 'another' }]);
		expect(portal.records()).toHaveLength(1);
		expect(log).toEqual([]);
	});

	it('stops its own events only where others use the queue', async () => {
		const portal = simulatedPortal();
		const leads = { ...collected, connector_id: 'leads' };
		portal.bind(leads, { ...leads, event: 'ONCRMLEADADD' });
		await stopCollecting(triggerContext({ portal }).context, { ...settings, queueName: 'leads' });
		expect(portal.handlers()).toEqual([{ ...leads, event: 'ONCRMLEADADD' }]);
	});

	it('logs what stands in the way, for a trigger that n8n closes is closed', async () => {
		const portal = simulatedPortal();
		portal.answers.set('event.get', refused(403, 'insufficient_scope', ''));
		const { context, log } = triggerContext({ portal });
		await stopCollecting(context, settings);
		expect(log).toEqual([
			'warn: Bitrix24 Queue Trigger "When a Lead Goes" in workflow workflow-1: it could not stop the collecting of events. The Bitrix24 app lacks a permission that this needs. In Bitrix24, open Developer resources > Integrations, open the app and add the permission (for leads: CRM), save, and then connect the credential again.',
		]);
	});

	it('survives whatever is thrown', async () => {
		const { context, log } = triggerContext();
		const broken = {
			queueName: '',
			get events(): string[] {
				throw 'no error at all';
			},
		};
		await stopCollecting(context, broken);
		expect(log).toEqual([
			'warn: Bitrix24 Queue Trigger "When a Lead Goes" in workflow workflow-1: it could not stop the collecting of events. unknown reason',
		]);
	});

	it('does not keep n8n waiting for a portal that does not answer', async () => {
		const portal = simulatedPortal();
		portal.answers.set('feature.get', new Error('read ECONNRESET'));
		const { context, log } = triggerContext({ portal });
		const stopping = stopCollecting(context, settings);
		await jest.advanceTimersByTimeAsync(10_000);
		await stopping;
		expect(portal.calls).toHaveLength(3);
		expect(log).toHaveLength(1);
	});
});
