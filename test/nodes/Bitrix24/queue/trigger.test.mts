import { NodeOperationError } from 'n8n-workflow';

import { trigger } from '../../../../nodes/Bitrix24/queue/trigger.js';
import { simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import type { Ending } from '../../../fakes/triggerContext.mjs';
import { triggerContext } from '../../../fakes/triggerContext.mjs';
import { own, pass, useActiveQueue } from './useActiveQueue.mjs';

const active = useActiveQueue();

describe('an active workflow', () => {
	it('starts with what waits in its queue, and confirms it', async () => {
		const portal = simulatedPortal();
		portal.queue([7, 8], own);
		const { emitted } = await active({ portal });
		expect(emitted.map(({ items }) => items)).toMatchObject([[{ leadId: 7 }, { leadId: 8 }]]);
		expect(portal.records()).toEqual([]);
	});

	it('does as its form says', async () => {
		const portal = simulatedPortal();
		portal.queue([7, 8, 9], { connector: 'leads' });
		const parameters = {
			simplify: false,
			checkEvery: 60,
			batchSize: 2,
			execution: 'perEvent',
			acknowledge: 'afterFinish',
			options: { queueName: 'leads' },
		};
		const { emitted } = await active({ portal, parameters, run: () => 'error' });
		expect(emitted.map(({ items }) => items)).toMatchObject([[{ ID: '1' }], [{ ID: '2' }], [{ ID: '3' }]]);
		expect(portal.callsOf('event.offline.get').map(({ limit }) => limit)).toEqual([2, 2]);
		expect(portal.records()).toEqual([]);
		portal.queue([10], { connector: 'leads' });
		await pass(59_000);
		expect(emitted).toHaveLength(3);
		await pass(1_000);
		expect(emitted).toHaveLength(4);
	});

	it('takes for good on receipt', async () => {
		const portal = simulatedPortal();
		portal.queue([7], own);
		const { emitted } = await active({ portal, parameters: { acknowledge: 'onReceipt' }, run: () => 'error' });
		expect(portal.callsOf('event.offline.get')).toMatchObject([{ clear: 1 }]);
		await pass(90_000);
		expect(emitted).toHaveLength(1);
	});

	it.each([
		['one minute', { executionTimeout: 60 }, 2],
		['none', { executionTimeout: -1 }, 1],
		['not set', {}, 1],
	])("goes by the timeout in the workflow's settings, where n8n tells no end: %s", async (_, settings, runs) => {
		const portal = simulatedPortal();
		portal.queue([7], own);
		const endings: Array<(ending: Ending) => void> = [];
		const run = async () => await new Promise<Ending>((resolve) => endings.push(resolve));
		const { emitted } = await active({ portal, settings, run });
		await pass(20 * 60_000);
		expect(emitted).toHaveLength(runs);
		// What is still running would be taken for running in the tests that follow.
		for (const end of endings) end('success');
		await pass(0);
	});

	it('names a record that it puts aside, and how to take it up again', async () => {
		const portal = simulatedPortal();
		portal.queue([7], own);
		const { log } = await active({ portal, parameters: { options: { maxAttempts: 2 } }, run: () => 'error' });
		await pass(30_000);
		expect(portal.records()).toMatchObject([{ ID: '1', ERROR: '1' }]);
		expect(log).toEqual([
			'warn: Bitrix24 Queue Trigger "When a Lead Goes" in workflow workflow-1: ONCRMLEADDELETE (record 1, message a6c72740511b35b2971ae512cf43434b) was put aside: the workflow did not succeed with it. The option "Retry Errors" takes it up again at the next activation.',
		]);
	});

	it('takes up again what was put aside, where the user wants it', async () => {
		const portal = simulatedPortal();
		portal.queue([7], own);
		portal.failAll(own.connector);
		const { emitted } = await active({ portal, parameters: { options: { retryErrors: true } } });
		expect(emitted).toHaveLength(1);
	});

	it('never uses the key of an execution again, not even after the next activation', async () => {
		const portal = simulatedPortal();
		portal.queue([7, 8], own);
		const parameters = { execution: 'perEvent' };
		const first = await active({ portal, parameters, run: () => 'canceled' });
		await first.close();
		const second = await active({ portal, parameters });
		await pass(10_000);
		const keys = [...first.emitted, ...second.emitted].map(({ deduplicationKey }) => deduplicationKey ?? '');
		expect(new Set(keys).size).toBe(4);
		expect(keys.filter((key) => !/^[0-9a-f]{32}:[12]$/.test(key))).toEqual([]);
	});
});

describe('an activation that is refused', () => {
	it('says everything in its message, and reads nothing', async () => {
		const portal = simulatedPortal();
		portal.simulator.app.installed = false;
		const { context, emitted } = triggerContext({ portal });
		const refusal = await trigger(context).catch((error: unknown) => error);
		expect(refusal).toBeInstanceOf(NodeOperationError);
		expect(String(refusal)).toContain('is not complete, so Bitrix24 sends it no events. In Bitrix24, open');
		await pass(60_000);
		expect(emitted).toEqual([]);
		expect(portal.callsOf('event.offline.get')).toEqual([]);
	});

	it('does not keep a person waiting for a portal that does not answer', async () => {
		const portal = simulatedPortal();
		portal.answers.set('feature.get', new Error('read ECONNRESET'));
		const refusal = expect(trigger(triggerContext({ portal }).context)).rejects.toThrow('Bitrix24 did not answer');
		await pass(5_000);
		await refusal;
		expect(portal.calls).toHaveLength(3);
	});
});
