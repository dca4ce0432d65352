import type { IExecuteResponsePromiseData, IRun } from 'n8n-workflow';

/**
 * What became of a run. Only a run that ended unsuccessfully speaks against its events: one that was killed, cancelled or
 * lost says nothing about them.
 */
export type Verdict = 'succeeded' | 'failed' | 'unknown';

/**
 * Reads a run's end. A workflow that pauses (Wait) ends for us when it pauses, and counts as successful.
 *
 * @param run undefined when n8n did not start it, because it took it for a double of another
 */
export function verdictOf(run: Pick<IRun, 'status' | 'data'> | undefined): Verdict {
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
export function verdictOfAnswer(answer: IExecuteResponsePromiseData | undefined): Verdict | null {
	if (answer === undefined) return null;
	const { body, statusCode, ...others } = answer;
	if (Object.keys(others).length > 0) return null;
	if (body === undefined && statusCode === undefined) return 'succeeded';
	return statusCode === 500 && Object(body).message === 'Workflow execution failed' ? 'failed' : null;
}
