import type { ITriggerFunctions } from 'n8n-workflow';

/**
 * The name of the trigger's own queue. It stays the same as long as workflow and node are the same ones, so that what
 * was queued while the workflow was off is found again.
 */
export function ownQueueName(context: Pick<ITriggerFunctions, 'getWorkflow' | 'getNode'>): string {
	return `n8n_${context.getWorkflow().id ?? 'new'}_${context.getNode().id}`;
}
