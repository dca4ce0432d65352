import { processState } from '../../../../nodes/Bitrix24/n8n/processState.js';
import { trigger } from '../../../../nodes/Bitrix24/queue/trigger.js';
import type { FakeTrigger } from '../../../fakes/triggerContext.mjs';
import { triggerContext } from '../../../fakes/triggerContext.mjs';

/** What a workflow starts with. */
export type Given = NonNullable<Parameters<typeof triggerContext>[0]>;

/** An active workflow. */
export interface ActiveQueue extends FakeTrigger {
	close(): Promise<void>;
}

/** Where the queue of the workflow lies. */
export const own = { connector: 'n8n_workflow-1_node-1' };

/** Lets time pass. */
export const pass = async (milliseconds: number): Promise<void> => await jest.advanceTimersByTimeAsync(milliseconds);

/**
 * Opens active workflows for the tests of a file, by jest's fake timers: each has looked at its queue once. What a test
 * leaves open is closed after it.
 */
export function useActiveQueue(): (given?: Given, intervals?: { subscriptionMs: number }) => Promise<ActiveQueue> {
	const open = new Set<() => Promise<void>>();
	beforeEach(() => jest.useFakeTimers());
	afterEach(async () => {
		for (const close of open) await close();
		for (const name of ['queueMemories', 'pendingAcks', 'collecting'] as const) processState[name].clear();
		jest.useRealTimers();
	});
	return async (given = {}, intervals = undefined) => {
		const fake = triggerContext(given);
		const opening = trigger(fake.context, intervals);
		let isOpen = false;
		void opening.catch(() => undefined).then(() => (isOpen = true));
		// A second trigger may have to wait for the portal's rate.
		for (await pass(0); !isOpen; ) await pass(100);
		const { closeFunction } = await opening;
		const close = async () => {
			open.delete(close);
			await closeFunction?.();
		};
		open.add(close);
		await pass(0);
		return { ...fake, close };
	};
}
