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
	/** Seconds after which n8n ends a run, null when it may take as long as it likes. */
	timeout: number | null;
	telling: Telling;
}

// In queue mode n8n 2 ends a run for its timeout, and tells nobody. But a run may also have to wait for a worker before its
// time begins: where that happens again, each next run is waited for twice as long.
const allowance = 10;
const longestAllowance = 640;
const patience = 180;

/**
 * @param context n8n's context of the trigger
 * @returns starts one run after the other, each with a key of its own
 */
export function createRunner(
	context: Pick<ITriggerFunctions, 'emit' | 'helpers'>,
	{ simplify, session, timeout, telling }: Running,
): Runner {
	let runs = 0;
	let unheard = 0;
	const timeoutMinutes = Math.ceil((timeout ?? 0) / 60);

	async function verdictFrom(signs: Parameters<typeof endOfRun>[0]): Promise<Verdict> {
		const beyond = Math.min(allowance * 2 ** unheard, longestAllowance);
		const verdict = await endOfRun(signs, {
			giveUpAfter: timeout === null ? null : timeoutMinutes + beyond,
			reportAfter: patience + timeoutMinutes,
			telling,
		});
		unheard = verdict === 'unheard' ? unheard + 1 : 0;
		if (verdict !== 'unheard') return verdict;
		telling.warn(
			"n8n said nothing of the end of a run that should have ended by the timeout in the workflow's settings. What was not confirmed comes again.",
		);
		return 'unknown';
	}

	return async (records, portal) => {
		const { createDeferredPromise, returnJsonArray } = context.helpers;
		const done = createDeferredPromise<IRun>();
		const answer = createDeferredPromise<IExecuteResponsePromiseData>();
		try {
			const items = returnJsonArray(toItems(records, portal, simplify));
			context.emit([items], answer, done, `${session}:${++runs}`);
			return await verdictFrom({ done: done.promise, answer: answer.promise });
		} catch (error) {
			const reason = error instanceof Error ? error.message : 'unknown reason';
			telling.warn(`it is not known how a run ended (${reason}). What was not confirmed comes again.`);
			return 'unknown';
		}
	};
}
