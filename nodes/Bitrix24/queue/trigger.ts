import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { randomBytes } from 'node:crypto';

import type { OfflineRecord } from '../event/queueItem';
import type { Log } from '../n8n/log';
import { createLog } from '../n8n/log';
import { withNodeErrors } from '../n8n/nodeError';
import type { QueueSettings } from '../settings/settings';
import { readQueueSettings } from '../settings/settings';
import { createAdditions } from './additions';
import { QueueConsumer } from './consumer';
import { createOutage } from './outage';
import { previewQueue } from './preview';
import type { BatchContext } from './processBatch';
import { createRetryPolicy } from './retryPolicy';
import { createRunner } from './run';
import { openQueueTarget, setUpQueue, unsubscribe } from './setup';

/**
 * Runs the queue trigger: in the editor it shows what waits; in an active workflow it reads the queue until it is closed.
 *
 * @throws NodeOperationError with the whole advice in its message, when the queue cannot be used
 */
export async function trigger(context: ITriggerFunctions): Promise<ITriggerResponse> {
	const node = context.getNode();
	const settings = readQueueSettings(context);
	if (context.getMode() === 'manual') {
		return {
			manualTriggerFunction: async () => await withNodeErrors(node, async () => await previewQueue(context, settings)),
		};
	}
	const closing = new AbortController();
	const { signal } = closing;
	const session = await withNodeErrors(node, async () => await setUpQueue(context, settings, signal, true));
	const log = createLog(context);
	const consumer = new QueueConsumer(session, {
		settings,
		batchContext: batchContextOf(context, settings, signal, log),
		outage: createOutage({ now: Date.now, ...log }),
		setUp: async () => await setUpQueue(context, settings, signal, false),
	});
	void consumer.start();
	return {
		async closeFunction() {
			closing.abort();
			if (settings.whenStopped === 'unsubscribe') await stopCollecting(context, settings);
		},
	};
}

function batchContextOf(
	context: ITriggerFunctions,
	settings: QueueSettings,
	signal: AbortSignal,
	log: Log,
): BatchContext {
	const { execution, acknowledge, maxAttempts, simplify, events } = settings;
	return {
		retryPolicy: createRetryPolicy(execution, acknowledge, maxAttempts),
		isOnReceipt: acknowledge === 'onReceipt',
		addTo: createAdditions({ settings, signal, log, now: Date.now }),
		run: createRunner(context, {
			simplify,
			session: randomBytes(16).toString('hex'),
			timeout: timeoutOf(context),
			log,
		}),
		events,
		signal,
		now: Date.now,
		onFailed: (record) => log.warn(movedToFailed(record)),
	};
}

/** The timeout in the workflow's settings. The one for all workflows of an n8n is not known to nodes. */
function timeoutOf(context: ITriggerFunctions): number | null {
	const { executionTimeout = 0 } = context.getWorkflowSettings();
	return executionTimeout > 0 ? executionTimeout : null;
}

function movedToFailed({ EVENT_NAME: event, ID: id, MESSAGE_ID: messageId }: OfflineRecord): string {
	return `${event} (record ${id}, message ${messageId}) was put aside: the workflow did not succeed with it. The option "Retry Errors" takes it up again at the next activation.`;
}

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
		await unsubscribe(await openQueueTarget(context, settings, never, true), settings.events);
	} catch (error) {
		const reason = error instanceof Error ? error.message : 'unknown reason';
		createLog(context).warn(`it could not stop the collecting of events. ${reason}`);
	}
}
