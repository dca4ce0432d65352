import type { ITriggerFunctions } from 'n8n-workflow';

import type { QueueSettings } from '../settings/queueSettings';
import { openStation } from './openStation';
import { unsubscribe } from './subscribe';

/**
 * Lets the portal stop collecting the trigger's events. What is queued already stays there. It never throws: a trigger
 * that n8n closes is closed, and what stands in the way is logged.
 */
export async function stopCollecting(
	context: ITriggerFunctions,
	settings: Pick<QueueSettings, 'queueName' | 'events'>,
): Promise<void> {
	const { signal: never } = new AbortController();
	try {
		await unsubscribe(await openStation(context, settings, never, true), settings.events);
	} catch (error) {
		const reason = error instanceof Error ? error.message : 'unknown reason';
		context.logger.warn(`Bitrix24 Queue Trigger could not stop the collecting of events. ${reason}`);
	}
}
