import type { IExecuteResponsePromiseData, IRun, ITriggerFunctions } from 'n8n-workflow';

import type { OfflineRecord } from '../event/offlineRecord';
import type { QueuePortal } from '../event/toQueueItem';
import { endOfRun } from './endOfRun';
import type { Telling } from './telling';
import { toItems } from './toItems';
import type { Verdict } from './verdict';

/** Starts the workflow with records of a portal's queue, and tells what became of the run. Never throws. */
export type Runner = (records: readonly OfflineRecord[], portal: QueuePortal) => Promise<Verdict>;

/** How the workflow is started, and where is told what went wrong with that. */
interface Running {
	/** Whether items are flat. */
	simplify: boolean;
	/**
	 * Names this activation: n8n never starts a second run with the same key, and one that was killed keeps its key, so that
	 * a key must never be used again.
	 */
	session: string;
	telling: Telling;
	/** The node's end. */
	signal: AbortSignal;
}

/** @param context n8n's context of the trigger */
export function createRunner(
	context: Pick<ITriggerFunctions, 'emit' | 'helpers'>,
	{ simplify, session, telling, signal }: Running,
): Runner {
	let runs = 0;
	return async (records, portal) => {
		const { createDeferredPromise, returnJsonArray } = context.helpers;
		const done = createDeferredPromise<IRun>();
		const answer = createDeferredPromise<IExecuteResponsePromiseData>();
		try {
			const items = returnJsonArray(toItems(records, portal, simplify));
			context.emit([items], answer, done, `${session}:${++runs}`);
			return await endOfRun({ done: done.promise, answer: answer.promise }, telling, signal);
		} catch (error) {
			const reason = error instanceof Error ? error.message : 'unknown reason';
			telling.warn(`it is not known how a run ended (${reason}). What was not confirmed comes again.`);
			return 'unknown';
		}
	};
}
