import type { ITriggerFunctions } from 'n8n-workflow';

import type { OfflineRecord } from '../event/offlineRecord';
import type { QueuePortal } from '../event/toQueueItem';
import { toQueueItem, toRawQueueItem } from '../event/toQueueItem';
import type { Verdict } from './verdict';
import { verdictOf } from './verdict';

/** Starts the workflow with records, and tells what became of it. */
export type Runner = (records: readonly OfflineRecord[]) => Promise<Verdict>;

/**
 * @param context n8n's context of the trigger
 * @param portal whose queue it is
 * @param simplify whether items are flat
 * @param session names this activation: n8n never starts a second run with the same key, and one that was killed keeps
 * its key, so that a key must never be used again
 */
export function createRunner(
	context: Pick<ITriggerFunctions, 'emit' | 'helpers' | 'logger'>,
	portal: QueuePortal,
	simplify: boolean,
	session: string,
): Runner {
	let runs = 0;
	return async (records) => {
		const items = records.map((record) => (simplify ? toQueueItem(record, portal) : toRawQueueItem(record)));
		const { createDeferredPromise, returnJsonArray } = context.helpers;
		const done = createDeferredPromise<Parameters<typeof verdictOf>[0]>();
		try {
			context.emit([returnJsonArray(items)], undefined, done as never, `${session}:${++runs}`);
			return verdictOf(await done.promise);
		} catch (error) {
			const reason = error instanceof Error ? error.message : 'unknown reason';
			context.logger.warn(`Bitrix24 Queue Trigger does not know how a run ended (${reason}). Its events come again.`);
			return 'unknown';
		}
	};
}
