import type { IRun, ITriggerFunctions } from 'n8n-workflow';

import type { OfflineRecord } from '../event/offlineRecord';
import type { QueuePortal } from '../event/toQueueItem';
import { toItems } from './toItems';
import type { Verdict } from './verdict';
import { verdictOf } from './verdict';

/** Starts the workflow with records of a portal's queue, and tells what became of the run. Never throws. */
export type Runner = (records: readonly OfflineRecord[], portal: QueuePortal) => Promise<Verdict>;

/**
 * @param context n8n's context of the trigger
 * @param simplify whether items are flat
 * @param session names this activation: n8n never starts a second run with the same key, and one that was killed keeps
 * its key, so that a key must never be used again
 */
export function createRunner(
	context: Pick<ITriggerFunctions, 'emit' | 'helpers' | 'logger'>,
	simplify: boolean,
	session: string,
): Runner {
	let runs = 0;
	return async (records, portal) => {
		const { createDeferredPromise, returnJsonArray } = context.helpers;
		const done = createDeferredPromise<IRun>();
		try {
			const items = returnJsonArray(toItems(records, portal, simplify));
			context.emit([items], undefined, done, `${session}:${++runs}`);
			return verdictOf(await done.promise);
		} catch (error) {
			const reason = error instanceof Error ? error.message : 'unknown reason';
			context.logger.warn(`Bitrix24 Queue Trigger does not know how a run ended (${reason}). Its events come again.`);
			return 'unknown';
		}
	};
}
