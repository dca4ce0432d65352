import type { IExecuteResponsePromiseData, IRun } from 'n8n-workflow';

import { pause } from '../api/pause';
import type { Telling } from './telling';
import type { Verdict } from './verdict';
import { verdictOf, verdictOfAnswer } from './verdict';

/** The two ways in which n8n tells that a run is over. */
interface Signs {
	/** The run itself. In queue mode it may never come: n8n's main does not hear of a run that ends before it listens. */
	done: Promise<IRun>;
	/** What n8n answers for the run when it ends. In queue mode it comes by a line on which the main always listens. */
	answer: Promise<IExecuteResponsePromiseData>;
}

interface Waiting {
	/** Minutes after which a run of which nothing was heard is given up, null for never. */
	giveUpAfter: number | null;
	/** Minutes after which it is reported that a run has not ended. */
	reportAfter: number;
	/** Where to tell what n8n has missed, or seems to have. */
	telling: Telling;
}

const minute = 60_000;
// Where n8n tells both, it tells them within moments of each other. n8n 1.x lets this timer run out for each run in queue mode.
const grace = 10_000;

const advice =
	'In queue mode of n8n 2, N8N_EXECUTIONS_QUEUE_KEEP_LAST_COMPLETED=1000 and N8N_EXECUTIONS_QUEUE_KEEP_LAST_FAILED=1000 keep n8n from missing an end.';

/**
 * Waits for a run to end, also where n8n misses its end. It goes on when the node closes: until the run has ended, or n8n
 * is restarted, nobody else in this process may run the events.
 *
 * @returns what became of it, `unheard` when it was given up
 * @throws what n8n says of a run whose end it does not know, e.g. that it was cancelled
 */
export async function endOfRun(
	{ done, answer }: Signs,
	{ giveUpAfter, reportAfter, telling }: Waiting,
): Promise<Verdict | 'unheard'> {
	const over = new AbortController();
	const { signal } = over;

	/** Concludes from the answer, if it is one that n8n gives at the end, and nothing else is heard for a while. */
	async function whenMissed(): Promise<Verdict> {
		const verdict = verdictOfAnswer(await answer.catch(() => undefined));
		if (verdict === null) return await never();
		await pause(grace, signal);
		if (!signal.aborted) telling.warn(`n8n missed the end of a run that ${verdict}. The queue goes on. ${advice}`);
		return verdict;
	}

	async function whenGivenUp(): Promise<'unheard'> {
		if (giveUpAfter === null) return await never();
		await minutes(giveUpAfter, signal);
		return 'unheard';
	}

	async function reportInTime(): Promise<void> {
		await minutes(reportAfter, signal);
		if (!signal.aborted) telling.report(new Error(overdue(reportAfter)));
	}

	void reportInTime();
	try {
		return await Promise.race([done.then(verdictOf), whenMissed(), whenGivenUp()]);
	} finally {
		over.abort();
	}
}

function overdue(waited: number): string {
	return `The queue has been waiting for ${Math.floor(waited / 60)} hours for a run to end. If no run of this workflow takes that long, n8n missed its end: restart n8n, and what was not confirmed comes again. ${advice}`;
}

/** One minute after the other: n8n 1.x lets a timer run out whose run is over, and there may be many. */
async function minutes(count: number, signal: AbortSignal): Promise<void> {
	for (let passed = 0; passed < count && !signal.aborted; passed++) await pause(minute, signal);
}

/** For a sign that does not come: another one has to. */
async function never(): Promise<never> {
	return await new Promise<never>(() => {});
}
