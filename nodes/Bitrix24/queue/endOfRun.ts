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

// Where both come, they come within moments of each other.
const grace = 10_000;
const minute = 60_000;
const patience = 180;

const advice =
	"In n8n's queue mode, N8N_EXECUTIONS_QUEUE_KEEP_LAST_COMPLETED=1000 and N8N_EXECUTIONS_QUEUE_KEEP_LAST_FAILED=1000 keep n8n from missing an end.";
const overdue = `The queue has been waiting for ${patience / 60} hours for a run to end. If the list of executions shows none of this workflow that is running, n8n missed its end: restart n8n, and what was not confirmed comes again. ${advice}`;

/**
 * Waits for a run to end, also where n8n misses its end.
 *
 * @param telling where to tell what n8n has missed, or seems to have
 * @param closing the node's end, after which nothing is reported any more
 * @returns what became of it
 * @throws what n8n says of a run whose end it does not know, e.g. that it was cancelled
 */
export async function endOfRun(
	{ done, answer }: Signs,
	{ warn, report }: Telling,
	closing: AbortSignal,
): Promise<Verdict> {
	const [over, watching] = [new AbortController(), new AbortController()];
	const stopWatching = () => watching.abort();

	/** Concludes from the answer, if it is one that n8n gives at the end, and nothing else is heard for a while. */
	async function whenMissed(): Promise<Verdict> {
		const verdict = verdictOfAnswer(await answer.catch(() => undefined));
		if (verdict === null) return await new Promise<never>(() => {});
		await pause(grace, over.signal);
		if (!over.signal.aborted) {
			const how = verdict === 'succeeded' ? 'succeeded' : 'did not succeed';
			warn(`n8n missed the end of a run that ${how}. The queue goes on. ${advice}`);
		}
		return verdict;
	}

	async function watch({ signal }: AbortController): Promise<void> {
		// One minute after the other: n8n 1.x lets a timer run out whose run is over, and there may be many.
		for (let passed = 0; passed < patience && !signal.aborted; passed++) await pause(minute, signal);
		if (!signal.aborted) report(new Error(overdue));
	}

	closing.addEventListener('abort', stopWatching);
	if (!closing.aborted) void watch(watching);
	try {
		return await Promise.race([done.then(verdictOf), whenMissed()]);
	} finally {
		over.abort();
		stopWatching();
		closing.removeEventListener('abort', stopWatching);
	}
}
