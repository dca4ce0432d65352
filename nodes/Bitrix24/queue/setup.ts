import type { ITriggerFunctions } from 'n8n-workflow';
import { z } from 'zod';

import type { Client } from '../api/client';
import { ActionableError, toActionableError } from '../api/errors';
import { bitrixBoolean } from '../api/response';
import type { Connection, CredentialContext } from '../connection/oauth2';
import { readConnection } from '../connection/oauth2';
import { isSelected } from '../event/codes';
import type { PortalInfo } from '../event/queueItem';
import type { LogContext } from '../n8n/log';
import { createLog } from '../n8n/log';
import type { LookUp } from '../n8n/lookups';
import { openLookups } from '../n8n/lookups';
import { clientFor, interactive } from '../n8n/openClient';
import type { QueueMemory } from '../n8n/processState';
import type { QueueSettings } from '../settings/settings';
import type { SubscriptionTarget } from '../subscription/handlers';
import { currentHandlers, reconcile } from '../subscription/handlers';
import { checkPermissions, checkReadiness } from '../subscription/preconditions';
import { findEvents } from '../subscription/selectedEvents';
import type { OfflineQueue } from './offlineQueueApi';
import { openQueue } from './offlineQueueApi';
import type { PendingAcks } from './pendingAcks';
import { pendingAcksOf } from './pendingAcks';
import { memoryOf, Retries } from './retries';

/** n8n's context of the trigger, as far as its queue depends on it. */
export type QueueContext = CredentialContext & Pick<ITriggerFunctions, 'getWorkflow' | 'getNode'>;

/** What the portal's Bitrix24 plan allows with queued events. */
export interface PortalFeatures {
	/** Whether events can be reserved, and so survive a crash of n8n. */
	reservation: boolean;
	/** Whether a trigger can have a queue of its own. */
	namedQueues: boolean;
}

/** A queue of the portal's, and the app that subscribes to it. */
export interface QueueTarget extends SubscriptionTarget<{ kind: 'offline'; connector: string | null }> {
	features: PortalFeatures;
	/** Whether nobody else takes events from it: it has a name that n8n made for this node. */
	isExclusive: boolean;
	queue: OfflineQueue;
}

/** A queue that the portal fills, ready to be read. */
export interface QueueSession {
	/** Names it in the state of this process: the portal, the app and the queue. */
	key: string;
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

/** What items say of the portal, from the credential: its records do not name it. */
export function portalInfo({ memberId, endpoint, status }: Connection): PortalInfo {
	return { memberId, endpoint, status };
}

function noReservation(): ActionableError {
	return new ActionableError(
		"The portal's Bitrix24 plan does not let n8n reserve queued events, so events would be lost whenever n8n stops in the middle of a run.",
		'If that is acceptable, choose "On Receipt" in "Acknowledge". Otherwise upgrade the plan to one with extended offline events, or use the Bitrix24 Trigger.',
	);
}

/**
 * Finds which queue of the portal is the trigger's.
 *
 * @param signal the node's end
 * @param isInteractive whether a person waits for it
 * @throws ActionableError when the credential is not connected, or the portal does not answer
 */
export async function openQueueTarget(
	context: QueueContext,
	{ queueName }: Pick<QueueSettings, 'queueName'>,
	signal: AbortSignal,
	isInteractive: boolean,
): Promise<QueueTarget> {
	const connection = await readConnection(context);
	// Acks go out to the end, also when the node closes meanwhile.
	const acking = clientFor(context, connection, {});
	const client = acking.extend({ signal, ...(isInteractive ? interactive : {}) });
	const features = await readPortalFeatures(client);
	const isExclusive = features.namedQueues && queueName === '';
	const connector = features.namedQueues ? queueName || ownQueueName(context) : null;
	// In a queue that others use, nobody knows whose a reservation is whose answer was lost: no retry may hide that. In an
	// exclusive one it is found later, but it has to be known that there may be one.
	const once = acking.extend({ signal, retryBudgetMs: 0 });
	const reading = isExclusive ? acking.extend({ signal, maxRetries: 4 }) : once;
	return {
		connection,
		client,
		destination: { kind: 'offline', connector },
		features,
		isExclusive,
		queue: openQueue(reading, acking, connector, once),
	};
}

/**
 * The name of the trigger's own queue. It stays the same as long as workflow and node are the same ones, so that what
 * was queued while the workflow was off is found again.
 */
export function ownQueueName(context: Pick<ITriggerFunctions, 'getWorkflow' | 'getNode'>): string {
	return `n8n_${context.getWorkflow().id ?? 'new'}_${context.getNode().id}`;
}

const featureSchema = z.object({ value: bitrixBoolean });

/** Looks up the portal's plan (Bitrix24 documentation: feature.get). */
export async function readPortalFeatures(client: Client): Promise<PortalFeatures> {
	return {
		reservation: await hasFeature(client, 'rest_offline_extended'),
		namedQueues: await hasFeature(client, 'rest_auth_connector'),
	};
}

/** A portal that does not know the method or the feature is taken to have it: what it lacks shows when it is used. */
async function hasFeature(client: Client, code: string): Promise<boolean> {
	const result = await client.tryCall('feature.get', { CODE: code });
	if (result.ok) return featureSchema.catch({ value: true }).parse(result.result).value;
	if (result.failure.status === 400 || result.failure.status === 404) return true;
	throw toActionableError(result.failure);
}

type Collecting = Pick<QueueTarget, 'client' | 'destination' | 'isExclusive'>;

/**
 * Lets the portal collect the wanted events. In an exclusive queue nothing else is collected, but what the user has chosen;
 * in one that others may use, what they collect stays.
 *
 * @param wanted codes that the portal knows, in upper case
 * @param selected codes that the user chose: what the portal does not know at the moment, and still collects, stays
 * @returns what it did not collect until now, and what it collects beside the wanted for others
 */
export async function subscribe(
	target: Collecting,
	wanted: readonly string[],
	selected: readonly string[] = wanted,
): Promise<{ missing: string[]; others: string[] }> {
	const current = await currentHandlers(target.client, target.destination);
	const bound = [...new Set(current.map(({ event }) => event))];
	const beside = bound.filter((event) => !isSelected(event, wanted));
	const stays = target.isExclusive ? beside.filter((event) => isSelected(event, selected)) : beside;
	await reconcile(target, [...wanted, ...stays], current);
	return {
		missing: wanted.filter((event) => !bound.includes(event)),
		others: target.isExclusive ? [] : beside.filter((event) => !isSelected(event, selected)),
	};
}

/** Stops the collecting of the given events, or of all in an exclusive queue. */
export async function unsubscribe(target: Collecting, unwanted: readonly string[]): Promise<void> {
	const current = await currentHandlers(target.client, target.destination);
	const others = current.map(({ event }) => event).filter((event) => !isSelected(event, unwanted));
	await reconcile(target, target.isExclusive ? [] : [...new Set(others)], current);
}
