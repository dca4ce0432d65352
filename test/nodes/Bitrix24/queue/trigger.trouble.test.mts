import { NodeOperationError } from 'n8n-workflow';

import { trigger } from '../../../../nodes/Bitrix24/queue/trigger.js';
import { simulatedPortal, refused } from '../../../fakes/simulatedPortal.mjs';
import { triggerContext } from '../../../fakes/triggerContext.mjs';
import type { Given } from './useActiveQueue.mjs';
import { own, pass, useActiveQueue } from './useActiveQueue.mjs';

const active = useActiveQueue();

describe('a portal that fails while the workflow is active', () => {
	const say = 'Bitrix24 Queue Trigger "When a Lead Goes" in workflow workflow-1: ';
	const overloaded = refused(503, 'OVERLOAD_LIMIT', '');
	const denied = refused(403, 'insufficient_scope', '');

	/** The next looks at the queue do not succeed. */
	async function troubled(answer: typeof denied, given: Given = {}) {
		const running = await active(given);
		running.portal.answers.set('event.offline.list', answer);
		await pass(60_000);
		return running;
	}

	it('is a warning where that may pass, and an information when it has', async () => {
		const { portal, log, failures } = await troubled(overloaded);
		portal.answers.clear();
		await pass(60_000);
		expect(log).toEqual([
			`warn: ${say}Bitrix24 has blocked REST calls to this portal for overload. Ask Bitrix24 support, or try again later.`,
			`info: ${say}The Bitrix24 queue can be read again.`,
		]);
		expect(failures).toEqual([]);
	});

	it('is saved as an execution that failed, once, where somebody has to mend it', async () => {
		const { log, failures } = await troubled(denied);
		await pass(180_000);
		const lacks = expect.stringContaining('The Bitrix24 app lacks a permission that this needs. In Bitrix24, open');
		expect(failures).toEqual([lacks]);
		expect(log).toEqual([expect.stringContaining(`error: ${say}The Bitrix24 app lacks a permission`)]);
	});

	it('is logged where n8n has no way to save it', async () => {
		const { log, failures } = await troubled(denied, { savesFailures: false });
		expect(log).toHaveLength(1);
		expect(failures).toEqual([]);
	});

	it('is followed by the making of a queue that is ready again', async () => {
		const { portal, emitted } = await troubled(denied);
		portal.answers.clear();
		portal.simulator.reinstallApp();
		await pass(60_000);
		expect(portal.handlers()).toHaveLength(1);
		portal.queue([7], own);
		await pass(30_000);
		expect(emitted).toHaveLength(1);
	});

	it('is asked patiently then, since nobody waits', async () => {
		const { portal } = await active();
		portal.answers.set('event.offline.list', denied);
		portal.answers.set('feature.get', overloaded);
		portal.calls.length = 0;
		// A rest, a look that does not succeed, a pause; and then, where somebody waits, no repetition after a second.
		await pass(30_000 + 5_000 + 10_000);
		expect(portal.callsOf('feature.get')).toHaveLength(5);
	});
});

describe('closing', () => {
	it('ends everything, and lets the portal go on collecting', async () => {
		const { portal, close } = await active();
		await close();
		portal.calls.length = 0;
		portal.queue([7], own);
		await pass(600_000);
		expect(portal.calls).toEqual([]);
		expect(portal.handlers()).toHaveLength(1);
		expect(jest.getTimerCount()).toBe(0);
	});

	it('stops the collecting where the user wants it', async () => {
		const { portal, close } = await active({ parameters: { options: { whenStopped: 'unsubscribe' } } });
		await close();
		expect(portal.handlers()).toEqual([]);
	});

	it('lets a run settle that is under way, and the next trigger leaves it alone', async () => {
		const portal = simulatedPortal();
		portal.queue([7], own);
		let end: (status: 'success') => void = () => {};
		const first = await active({ portal, run: async () => await new Promise((resolve) => (end = resolve)) });
		await first.close();
		const second = await active({ portal });
		await pass(60_000);
		expect(second.emitted).toEqual([]);
		end('success');
		await pass(0);
		expect(portal.records()).toEqual([]);
	});

	it('hands what is still owed on to the next trigger', async () => {
		const portal = simulatedPortal();
		portal.queue([7], own);
		portal.answers.set('event.offline.clear', refused(403, 'insufficient_scope', ''));
		const first = await active({ portal });
		await first.close();
		portal.answers.clear();
		const second = await active({ portal });
		await pass(10_000);
		expect([first.emitted.length, second.emitted.length]).toEqual([1, 0]);
		expect(portal.records()).toEqual([]);
	});
});

describe('a test in the editor', () => {
	it('shows what waits when n8n asks for it, and takes nothing', async () => {
		const portal = simulatedPortal();
		portal.queue([7], own);
		const { context, emitted } = triggerContext({ portal, mode: 'manual' });
		const { manualTriggerFunction, closeFunction } = await trigger(context);
		expect(portal.calls).toEqual([]);
		await manualTriggerFunction?.();
		expect(emitted.map(({ items }) => items)).toMatchObject([[{ leadId: 7 }]]);
		expect(closeFunction).toBeUndefined();
		expect(portal.records()).toMatchObject([{ PROCESS_ID: '' }]);
	});

	it('says in words what stands in the way', async () => {
		const { context } = triggerContext({ mode: 'manual' });
		const { manualTriggerFunction } = await trigger(context);
		const refusal: unknown = await manualTriggerFunction?.().catch((error: unknown) => error);
		expect(refusal).toBeInstanceOf(NodeOperationError);
		expect(String(refusal)).toContain('Bitrix24 does not collect events for this workflow yet. Activate the workflow');
	});
});
