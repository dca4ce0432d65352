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
 * Reads what n8n answers for a run, as to a webhook. In queue mode, n8n gives these two answers when a run ends on a worker.
 *
 * @param answer undefined when n8n gave none
 * @returns null when it says nothing about the end, e.g. when a node of the workflow gave it
 */
export function verdictOfAnswer(answer: IExecuteResponsePromiseData | undefined): Verdict | null {
	if (answer === undefined) return null;
	if (Object.keys(answer).length === 0) return 'succeeded';
	const { body, statusCode } = answer;
	// It does not say whether a node failed, or whether the run could not even begin.
	return statusCode === 500 && Object(body).message === 'Workflow execution failed' ? 'unknown' : null;
}
