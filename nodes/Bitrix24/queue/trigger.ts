import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { randomBytes } from 'node:crypto';

import { ActionableError } from '../api/errors';
import type { OfflineRecord } from '../event/queueItem';
import type { Log } from '../n8n/log';
import { createLog } from '../n8n/log';
import { toNodeError, withNodeErrors } from '../n8n/nodeError';
import { openClient } from '../n8n/openClient';
import type { FailedRecord } from '../n8n/processState';
import { sleep } from '../n8n/timing';
import type { QueueSettings } from '../settings/settings';
import { readQueueSettings } from '../settings/settings';
import { nothingSelected } from '../subscription/selectedEvents';
import { createAdditions } from './additions';
import { QueueConsumer } from './consumer';
import { createOutage } from './outage';
import { previewQueue } from './preview';
import type { BatchContext } from './processBatch';
import type { Refusal } from './pendingAcks';
import type { StrangeRecord } from './queueRows';
import { openQueueTarget, unsubscribe } from './queueTarget';
import { createRetryPolicy } from './retryPolicy';
import { createRunner } from './run';
import type { QueueSession } from './setup';
import { setUpQueue } from './setup';
import { SubscriptionWatch } from './subscriptionWatch';

/** How often to look, in milliseconds, where that is not for the user to choose. */
const usualIntervals = { subscriptionMs: 540_000 };
/** How long a trigger that closes waits for a subscription under way: it must not be made afterwards. */
const subscribingMs = 5_000;

/**
 * Runs the queue trigger: in the editor it shows what waits; in an active workflow it reads the queue until it is closed.
 *
 * @throws NodeOperationError with the whole advice in its message, when a person activates and the queue cannot be used
 */
export async function trigger(
	context: ITriggerFunctions,
	intervals: typeof usualIntervals = usualIntervals,
): Promise<ITriggerResponse> {
	const node = context.getNode();
	const settings = readQueueSettings(context);
	if (context.getMode() === 'manual') {
		return {
			manualTriggerFunction: async () => await withNodeErrors(node, async () => await previewQueue(context, settings)),
		};
	}
	const mode = context.getActivationMode();
	const isPersons = mode === 'activate' || mode === 'create';
	// Only a change of the workflow mends it, and that activates it again.
	if (settings.events.length === 0) throw toNodeError(node, nothingSelected());
	const closing = new AbortController();
	const { signal } = closing;
	const log = createLog(context);
	const watch = new SubscriptionWatch({
		owner: JSON.stringify([context.getWorkflow().id, node.id]),
		intervalMs: intervals.subscriptionMs,
		signal,
		log,
		elapsed,
		now: Date.now,
	});
	// Outlives the reading by a set-up that is under way: the portal may carry out what is broken off, and nobody would know.
	const ending = new AbortController();
	let settingUp: Promise<unknown> = Promise.resolve();
	let last: QueueSession | null = null;
	const setUp = async (isInteractive: boolean): Promise<QueueSession> => {
		const options = {
			signal: ending.signal,
			isInteractive,
			tells: last === null,
			onSubscribed: watch.note.bind(watch),
		};
		const work = setUpQueue(context, settings, options);
		settingUp = work.catch(() => null);
		last = await work;
		return last;
	};
	// n8n never starts a trigger again that has thrown while n8n itself was starting: what stands in the way is met, and told,
	// by the consumer.
	if (isPersons) await withNodeErrors(node, async () => await setUp(true));
	// A person's change of the workflow looks like a repair of n8n's: it takes effect at once where it can.
	else if (mode === 'update') await setUp(true).catch(() => null);
	const consumer = new QueueConsumer(last, {
		settings,
		batchContext: batchContextOf(context, settings, signal, log),
		outage: createOutage({ now: Date.now, elapsed, isUnattended: !isPersons, ...log }),
		log,
		setUp: async () => await setUp(false),
	});
	void consumer.start();
	const watching = watch.start(() => consumer.current);
	return {
		async closeFunction() {
			closing.abort();
			if (settings.whenStopped !== 'unsubscribe') return ending.abort();
			const settled = new AbortController();
			void sleep(subscribingMs, settled.signal).then(() => ending.abort());
			await Promise.all([settingUp, watching]);
			settled.abort();
			await stopCollecting(context, settings, last);
			if (last !== null) watch.forget(last.key);
		},
	};
}

/** Milliseconds that no step of the clock changes. */
const elapsed = (): number => performance.now();

function batchContextOf(
	context: ITriggerFunctions,
	settings: QueueSettings,
	signal: AbortSignal,
	log: Log,
): BatchContext {
	const { execution, acknowledge, maxAttempts, checkEverySeconds, simplify, events, ignoreUserIds } = settings;
	return {
		retryPolicy: createRetryPolicy({ execution, acknowledge, maxAttempts, intervalMs: checkEverySeconds * 1000 }),
		isOnReceipt: acknowledge === 'onReceipt',
		addTo: createAdditions({ settings, signal, log, now: Date.now }),
		run: createRunner(context, {
			simplify,
			session: randomBytes(16).toString('hex'),
			timeout: timeoutOf(context),
			log,
		}),
		events,
		ignoreUserIds,
		signal,
		elapsed,
		onFailed: (record, isSuperseded) => log.warn(isSuperseded ? superseded(record) : movedToFailed(record)),
		onRefused: (refusal) => log.report(refusedAck(refusal)),
		onStrange: (record, whatBecameOfIt) => log.warn(strange(record, whatBecameOfIt)),
		onUnknown: (record, runs) => log.report(noOutcome(record, runs)),
	};
}

/** The timeout in the workflow's settings. The one for all workflows of an n8n is not known to nodes. */
function timeoutOf(context: ITriggerFunctions): number | null {
	const { executionTimeout = 0 } = context.getWorkflowSettings();
	return executionTimeout > 0 ? executionTimeout : null;
}

function named({ event, id, messageId }: FailedRecord): string {
	return `${event} (record ${id}, message ${messageId})`;
}

function movedToFailed(record: FailedRecord): string {
	return `${named(record)} was put aside: the workflow did not succeed with it. It comes back when the same object changes again, and the option "Retry Errors" takes it up again at the next activation.`;
}

function superseded(record: FailedRecord): string {
	return `${named(record)} is given up: the workflow did not succeed with it. A newer event of the same object waits, and stands for it.`;
}

function refusedAck({ processId, error }: Refusal): ActionableError {
	const problem = `Bitrix24 does not take the acknowledgement of handled events (reservation ${processId}). ${error.message}`;
	return new ActionableError(problem, 'Everything else goes on.');
}

function strange({ event, id, messageId }: StrangeRecord, whatBecameOfIt: 'moved' | 'reserved' | 'deleted'): string {
	const record = `${event ?? 'unnamed event'} (record ${id ?? 'without an id'}, message ${messageId ?? 'without an id'})`;
	const outcome = {
		moved: 'It was put aside in Bitrix24.',
		reserved: 'It stays reserved in Bitrix24, and is left alone.',
		deleted: 'Bitrix24 has handed it out for good, and no run gets it.',
	}[whatBecameOfIt];
	return `a record of the queue is not in the form that Bitrix24 documents: ${record}. ${outcome} Everything else goes on.`;
}

function noOutcome({ EVENT_NAME: event, ID: id, MESSAGE_ID: messageId }: OfflineRecord, runs: number): ActionableError {
	return new ActionableError(
		`The workflow was started ${runs} times with ${named({ event, id, messageId })}, and it is not known how those runs ended: they were cancelled or killed, or ended before the first node, as when a credential may not be used. They are repeated, less and less often.`,
		"Look at the last executions of this workflow. Once they end with a node's success or error, the queue goes on by itself.",
	);
}

/**
 * Lets the portal stop collecting the trigger's events. What is queued already stays there. It never throws: a trigger
 * that n8n closes is closed, and what stands in the way is logged.
 *
 * @param known the queue as it was set up last; null where it never was
 */
export async function stopCollecting(
	context: ITriggerFunctions,
	settings: Pick<QueueSettings, 'queueName' | 'events'>,
	known: Pick<QueueSession, 'destination' | 'isExclusive'> | null = null,
): Promise<void> {
	try {
		const target = known
			? { ...known, ...(await openClient(context)) }
			: await openQueueTarget(context, settings, new AbortController().signal, true);
		await unsubscribe(target, settings.events);
	} catch (error) {
		const reason = error instanceof Error ? error.message : 'unknown reason';
		createLog(context).warn(`it could not stop the collecting of events. ${reason}`);
	}
}
