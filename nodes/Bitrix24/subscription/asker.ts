import type { IWebhookFunctions } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import type { Asker } from './challenge';

/** Names the trigger for its challenges, in the same words when it asks and when the answer comes. */
export function askerOf(
	context: Pick<IWebhookFunctions, 'getWorkflow' | 'getNode'>,
	{ clientSecret, memberId }: Connection,
): Asker {
	return { clientSecret, memberId, workflowId: context.getWorkflow().id ?? '', nodeId: context.getNode().id };
}
