import type { IExecuteResponsePromiseData, IRun, ITriggerFunctions } from 'n8n-workflow';

import type { OfflineRecord, PortalInfo } from '../event/queueItem';
import type { Log } from '../n8n/log';
import { sleep } from '../n8n/timing';
import type { Additions } from './additions';
import { itemsWith } from './additions';

/**
 * What became of a run. Only a run that ended unsuccessfully speaks against its events: one that was killed, cancelled or
 * lost says nothing about them.
 */
export type RunOutcome = 'succeeded' | 'failed' | 'unknown';

/**
 * Starts the workflow with records of a portal's queue, and waits for the outcome of the run. Never throws.
 *
 * @param additions what was looked up for their items
 */
export type Runner = (
	records: readonly OfflineRecord[],
	portal: PortalInfo,
	additions: ReadonlyMap<string, Additions>,
) => Promise<RunOutcome>;

/** How the workflow is started. */
interface RunnerOptions {
	/** Whether items are flat. */
	simplify: boolean;
	/**
	 * Names this activation: n8n never starts a second run with the same key, and one that was killed keeps its key, so that
	 * a key must never be used again.
	 */
	session: string;
	/** Seconds after which n8n ends a run, null when it may take as long as it likes. */
	timeout: number | null;
	log: Log;
}

// In queue mode n8n 2 ends a run for its timeout without a signal. But a run may also have to wait for a worker before its
// time begins.
const allowanceMinutes = 10;
const patienceMinutes = 180;

/** Makes what starts one run after the other, each with a key of its own. */
export function createRunner(
	context: Pick<ITriggerFunctions, 'emit' | 'helpers'>,
	{ simplify, session, timeout, log }: RunnerOptions,
): Runner {
	let runs = 0;
	const options =
		timeout === null
			? { giveUpAfter: null, reportAfter: patienceMinutes, log }
			: { giveUpAfter: Math.ceil(timeout / 60) + allowanceMinutes, reportAfter: null, log };

	return async (records, portal, additions) => {
		const { createDeferredPromise, returnJsonArray } = context.helpers;
		const done = createDeferredPromise<IRun>();
		const answer = createDeferredPromise<IExecuteResponsePromiseData>();
		try {
			const items = returnJsonArray(itemsWith(additions, records, portal, simplify));
			context.emit([items], answer, done, `${session}:${++runs}`);
			const outcome = await endOfRun({ done: done.promise, answer: answer.promise }, options);
			if (outcome !== 'timedOut') return outcome;
			log.warn(
				"n8n said nothing of the end of a run that should have ended by the timeout in the workflow's settings. What was not confirmed comes again.",
			);
		} catch (error) {
			const reason = error instanceof Error ? error.message : 'unknown reason';
			log.warn(`it is not known how a run ended (${reason}). What was not confirmed comes again.`);
		}
		return 'unknown';
	};
}

/** The two ways in which n8n signals that a run is over. */
interface RunSignals {
	/** The run itself. In queue mode it may never come: n8n's main misses a run that ends before it listens. */
	done: Promise<IRun>;
	/** What n8n answers for the run when it ends. In queue mode it comes by a line on which the main always listens. */
	answer: Promise<IExecuteResponsePromiseData>;
}

interface EndOfRunOptions {
	/** Minutes after which a run without a signal is given up, null for never. */
	giveUpAfter: number | null;
	/** Minutes after which it is reported that a run has not ended, null for never. */
	reportAfter: number | null;
	log: Log;
}

const minuteMs = 60_000;
// Where n8n gives both signs, they come within moments of each other. n8n 1.x lets this timer run out for each run in queue mode.
const graceMs = 10_000;

const advice =
	'In queue mode of n8n 2, N8N_EXECUTIONS_QUEUE_KEEP_LAST_COMPLETED=1000 and N8N_EXECUTIONS_QUEUE_KEEP_LAST_FAILED=1000 keep n8n from missing an end.';

/**
 * Waits for a run to end, also where n8n misses its end. It goes on when the node closes: until the run has ended, or n8n
 * is restarted, nobody else in this process may run the events.
 *
 * @returns what became of it, `timedOut` when it was given up
 * @throws what n8n says of a run whose end it does not know, e.g. that it was cancelled
 */
export async function endOfRun(
	{ done, answer }: RunSignals,
	{ giveUpAfter, reportAfter, log }: EndOfRunOptions,
): Promise<RunOutcome | 'timedOut'> {
	const over = new AbortController();
	const { signal } = over;

	/** Goes by the answer, if it is one that n8n gives at the end, where the run itself does not follow it. */
	async function whenMissed(): Promise<RunOutcome> {
		const outcome = outcomeOfResponse(await answer.catch(() => undefined));
		if (outcome === null) return await never();
		await sleep(graceMs, signal);
		if (!signal.aborted) log.warn(`n8n missed the end of a run that ${outcome}. The queue goes on. ${advice}`);
		return outcome;
	}

	async function whenGivenUp(): Promise<'timedOut'> {
		if (giveUpAfter === null) return await never();
		await minutes(giveUpAfter, signal);
		return 'timedOut';
	}

	async function reportInTime(): Promise<void> {
		if (reportAfter === null) return;
		await minutes(reportAfter, signal);
		if (!signal.aborted) log.report(new Error(overdue(reportAfter)));
	}

	void reportInTime();
	try {
		return await Promise.race([done.then(outcomeOf), whenMissed(), whenGivenUp()]);
	} finally {
		over.abort();
	}
}

function overdue(waited: number): string {
	return `The queue has been waiting for ${Math.floor(waited / 60)} hours for a run to end. If no run of this workflow takes that long, n8n missed its end: restart n8n, and what was not confirmed comes again. ${advice}`;
}

/** One minute after the other: n8n 1.x lets a timer run out whose run is over, and there may be many. */
async function minutes(count: number, signal: AbortSignal): Promise<void> {
	for (let passed = 0; passed < count && !signal.aborted; passed++) await sleep(minuteMs, signal);
}

/** For a sign that does not come: the other one has to. */
async function never(): Promise<never> {
	return await new Promise<never>(() => {});
}

/**
 * Reads a run's end. A workflow that pauses (Wait) ends for us when it pauses, and counts as successful.
 *
 * @param run undefined when n8n did not start it, because it took it for a double of another
 */
export function outcomeOf(run: Pick<IRun, 'status' | 'data'> | undefined): RunOutcome {
	switch (run?.status) {
		case 'success':
		case 'waiting':
			return 'succeeded';
		case 'error':
			return isLost(run) ? 'unknown' : 'failed';
		default:
			return 'unknown';
	}
}

/**
 * In queue mode n8n 2 also gives the status "error" to a run whose worker was killed ("failed to be processed too many
 * times"), or could not begin it. Such a run has an error, and no node that came to an end with it.
 */
function isLost({ data: { resultData } }: Pick<IRun, 'data'>): boolean {
	return resultData.error !== undefined && resultData.lastNodeExecuted === undefined;
}

/**
 * Reads what n8n answers for a run, as to a webhook. In queue mode, n8n gives these two answers when a run has ended on a
 * worker. Without queue mode the first one comes with the end of any run, and tells nothing: but there the run itself, which
 * does, comes at once.
 *
 * @param answer undefined when n8n gave none
 * @returns null when it says nothing about the end, because a node of the workflow gave it
 */
export function outcomeOfResponse(answer: IExecuteResponsePromiseData | undefined): RunOutcome | null {
	if (answer === undefined) return null;
	const { body, statusCode, ...others } = answer;
	if (Object.keys(others).length > 0) return null;
	if (body === undefined && statusCode === undefined) return 'succeeded';
	return statusCode === 500 && Object(body).message === 'Workflow execution failed' ? 'failed' : null;
}
