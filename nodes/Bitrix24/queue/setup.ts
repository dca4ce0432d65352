import { ActionableError } from '../api/errors';
import type { Connection } from '../connection/oauth2';
import type { PortalInfo } from '../event/queueItem';
import type { LogContext } from '../n8n/log';
import { createLog } from '../n8n/log';
import type { LookUp } from '../n8n/lookups';
import { openLookups } from '../n8n/lookups';
import type { QueueMemory } from '../n8n/processState';
import type { QueueSettings } from '../settings/settings';
import { checkPermissions, checkReadiness } from '../subscription/preconditions';
import { findEvents } from '../subscription/selectedEvents';
import type { OfflineQueue } from './offlineQueueApi';
import type { PendingAcks } from './pendingAcks';
import { pendingAcksOf } from './pendingAcks';
import type { QueueContext, QueueTarget } from './queueTarget';
import { openQueueTarget, portalInfo, subscribe } from './queueTarget';
import { memoryOf, Retries } from './retries';

/** A queue that the portal fills, ready to be read. */
export interface QueueSession {
	/** Names it in the state of this process: the portal, the app and the queue. */
	key: string;
	destination: QueueTarget['destination'];
	queue: OfflineQueue;
	/** The portal that its records come from. */
	portal: PortalInfo;
	pendingAcks: PendingAcks;
	lookUp: LookUp;
	memory: QueueMemory;
	retries: Retries;
	/** The portal's codes of the selected events, less those that it does not know. */
	events: readonly string[];
	isExclusive: boolean;
	/** Whether records can be reserved. */
	canReserve: boolean;
	/**
	 * Lets the portal collect the selected events, which it may have stopped doing.
	 *
	 * @throws ActionableError when it refuses or does not answer
	 */
	subscribe(): Promise<Subscription>;
}

/** What the portal collects for a trigger from now on. */
export interface Subscription {
	events: readonly string[];
	/** Those of them that it did not collect until now. */
	missing: readonly string[];
	/** What it collects in this queue for others. */
	others: readonly string[];
	/** What to say of the selected events that the portal does not know. */
	problem: ActionableError | null;
}

/** Who sets a queue up. */
export interface SetUpOptions {
	/** The node's end. */
	signal: AbortSignal;
	/** Whether a person waits for it: then an event that the portal does not know is refused. */
	isInteractive: boolean;
	/** Whether what a person should know of the queue is to be logged. */
	tells: boolean;
	/** Notes what the portal collects. */
	onSubscribed(key: string, subscription: Subscription): void;
}

/**
 * Sets the queue up: checks the app, the user's rights and the plan, and subscribes to the selected events. Repeating it is harmless.
 *
 * @throws ActionableError that says what stands in the way, and what to do
 */
export async function setUpQueue(
	context: QueueContext & LogContext,
	settings: QueueSettings,
	{ signal, isInteractive, tells, onSubscribed }: SetUpOptions,
): Promise<QueueSession> {
	const target = await openQueueTarget(context, settings, signal, isInteractive);
	const { connection, client, features, destination, isExclusive, queue } = target;
	await checkReadiness(client, 'and Bitrix24 queues events for administrators only');
	if (!features.reservation && settings.acknowledge !== 'onReceipt') throw noReservation();
	if (!features.namedQueues && tells) {
		createLog(context).warn(
			"the portal's Bitrix24 plan has one queue for everything that uses this app, so two Bitrix24 Queue Triggers would take each other's events. Use one trigger for each app.",
		);
	}
	if (isInteractive) await checkPermissions(client, settings);
	const key = queueKey(connection, destination.connector);
	let isRefused = isInteractive;
	const memory = memoryOf(key);
	const session: QueueSession = {
		key,
		destination,
		queue,
		portal: portalInfo(connection),
		pendingAcks: pendingAcksOf(key),
		memory,
		retries: new Retries(memory),
		lookUp: openLookups(context, connection),
		events: [],
		isExclusive,
		canReserve: features.reservation,
		async subscribe() {
			const { codes, problem } = await findEvents(client, connection, settings.events);
			if (problem !== null && isRefused) throw problem;
			const subscribed = await subscribe(target, codes, settings.events);
			session.events = codes;
			return { events: codes, problem, ...subscribed };
		},
	};
	const subscription = await session.subscribe();
	isRefused = false;
	onSubscribed(key, subscription);
	const { others } = subscription;
	if (others.length > 0 && features.namedQueues && tells) {
		createLog(context).warn(
			`the queue "${settings.queueName}" also collects ${others.join(', ')}, which this workflow does not select: they are left to whoever else uses it.`,
		);
	}
	return session;
}

/**
 * Names a queue in the state of this process.
 *
 * @param connection the portal, and the app: each has queues of its own, and acknowledges nothing in another's
 * @param connector the queue's name, null for the one that everything without a name shares
 */
export function queueKey(
	{ memberId, clientId }: Pick<Connection, 'memberId' | 'clientId'>,
	connector: string | null,
): string {
	return JSON.stringify([memberId, clientId, connector]);
}

function noReservation(): ActionableError {
	return new ActionableError(
		"The portal's Bitrix24 plan does not let n8n reserve queued events, so events would be lost whenever n8n stops in the middle of a run.",
		'If that is acceptable, choose "On Receipt" in "Acknowledge". Otherwise upgrade the plan to one with extended offline events, or use the Bitrix24 Trigger.',
	);
}
