import { randomBytes } from 'node:crypto';

import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';

import { inWords } from '../api/inWords';
import type { OfflineRecord } from '../event/offlineRecord';
import type { QueueSettings } from '../settings/queueSettings';
import { readQueueSettings } from '../settings/queueSettings';
import { createAttempts } from './attempts';
import { consume } from './consume';
import { createRunner } from './createRunner';
import type { Handling } from './handle';
import { createOutage } from './outage';
import { prepare } from './prepare';
import { showWaiting } from './showWaiting';
import { stopCollecting } from './stopCollecting';
import type { Telling } from './telling';
import { createTelling } from './telling';

/**
 * Runs the queue trigger: in the editor it shows what waits; in an active workflow it reads the queue until it is closed.
 *
 * @throws NodeOperationError with the whole advice in its message, when the queue can not be used
 */
export async function trigger(context: ITriggerFunctions): Promise<ITriggerResponse> {
	const node = context.getNode();
	const settings = readQueueSettings(context);
	if (context.getMode() === 'manual') {
		return {
			manualTriggerFunction: async () => await inWords(node, async () => await showWaiting(context, settings)),
		};
	}
	const closing = new AbortController();
	const { signal } = closing;
	const ready = await inWords(node, async () => await prepare(context, settings, signal, true));
	const telling = createTelling(context);
	void consume(ready, {
		settings,
		handling: handlingOf(context, settings, signal, telling),
		outage: createOutage({ now: Date.now, ...telling }),
		prepare: async () => await prepare(context, settings, signal, false),
	});
	return {
		async closeFunction() {
			closing.abort();
			if (settings.whenStopped === 'unsubscribe') await stopCollecting(context, settings);
		},
	};
}

function handlingOf(
	context: ITriggerFunctions,
	settings: QueueSettings,
	signal: AbortSignal,
	telling: Telling,
): Handling {
	const { execution, acknowledge, maxAttempts, simplify, events } = settings;
	return {
		attempts: createAttempts(execution, acknowledge, maxAttempts),
		isOnReceipt: acknowledge === 'onReceipt',
		run: createRunner(context, {
			simplify,
			session: randomBytes(16).toString('hex'),
			timeout: timeoutOf(context),
			telling,
		}),
		events,
		signal,
		now: Date.now,
		onPutAside: (record) => telling.warn(putAside(record)),
	};
}

/** The timeout in the workflow's settings. One that counts for all workflows of an n8n, no node is told. */
function timeoutOf(context: ITriggerFunctions): number | null {
	const { executionTimeout = 0 } = context.getWorkflowSettings();
	return executionTimeout > 0 ? executionTimeout : null;
}

function putAside({ EVENT_NAME: event, ID: id, MESSAGE_ID: messageId }: OfflineRecord): string {
	return `${event} (record ${id}, message ${messageId}) was put aside: the workflow did not succeed with it. The option "Retry Errors" takes it up again at the next activation.`;
}
