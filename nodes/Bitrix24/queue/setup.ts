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
import type { QueueSettings } from '../settings/settings';
import type { SubscriptionTarget } from '../subscription/handlers';
import { currentHandlers, reconcile } from '../subscription/handlers';
import { checkPermissions, checkReadiness } from '../subscription/preconditions';
import { wantedEvents } from '../subscription/selectedEvents';
import type { OfflineQueue } from './offlineQueueApi';
import { openQueue } from './offlineQueueApi';
import type { PendingAcks } from './pendingAcks';
import { pendingAcksOf } from './pendingAcks';

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
	queue: OfflineQueue;
	/** The portal that its records come from. */
	portal: PortalInfo;
	pendingAcks: PendingAcks;
	lookUp: LookUp;
	/** The portal's codes of the selected events. */
	events: readonly string[];
	isExclusive: boolean;
	/** Whether records can be reserved. */
	canReserve: boolean;
}

/**
 * Sets the queue up: checks the app, the user's rights and the plan, and subscribes to the selected events. Repeating it is harmless.
 *
 * @param signal the node's end
 * @param isActivation whether a person waits for it; what they should know is logged then, and not again
 * @throws ActionableError that says what stands in the way, and what to do
 */
export async function setUpQueue(
	context: QueueContext & LogContext,
	settings: QueueSettings,
	signal: AbortSignal,
	isActivation: boolean,
): Promise<QueueSession> {
	const target = await openQueueTarget(context, settings, signal, isActivation);
	const { connection, client, features, destination, isExclusive, queue } = target;
	await checkReadiness(client, 'and Bitrix24 queues events for administrators only');
	if (!features.reservation && settings.acknowledge !== 'onReceipt') throw noReservation();
	if (!features.namedQueues && isActivation) {
		createLog(context).warn(
			"the portal's Bitrix24 plan has one queue for everything that uses this app, so two Bitrix24 Queue Triggers would take each other's events. Use one trigger for each app.",
		);
	}
	if (isActivation) await checkPermissions(client, settings);
	const events = await wantedEvents(client, connection, settings.events);
	const others = await subscribe(target, events);
	if (others.length > 0 && features.namedQueues && isActivation) {
		createLog(context).warn(
			`the queue "${settings.queueName}" also collects ${others.join(', ')}, which this workflow does not select: they are left to whoever else uses it.`,
		);
	}
	return {
		queue,
		portal: portalInfo(connection),
		pendingAcks: pendingAcksOf(connection, destination.connector),
		lookUp: openLookups(context, connection),
		events,
		isExclusive,
		canReserve: features.reservation,
	};
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
	// In a queue that others use, nobody knows whose a reservation is whose answer was lost: no retry may hide that.
	const reading = acking.extend({ signal, ...(isExclusive ? {} : { retryBudgetMs: 0 }) });
	return {
		connection,
		client,
		destination: { kind: 'offline', connector },
		features,
		isExclusive,
		queue: openQueue(reading, acking, connector),
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
 * Lets the portal collect the wanted events. In an exclusive queue nothing else is collected; in one that others may use,
 * what they collect stays.
 *
 * @param wanted codes that the portal knows, in upper case
 * @returns codes that are collected beside the wanted ones, for others
 */
export async function subscribe(target: Collecting, wanted: readonly string[]): Promise<string[]> {
	const others = await collectedForOthers(target, wanted);
	await reconcile(target, [...wanted, ...others]);
	return others;
}

/** Stops the collecting of the given events, or of all in an exclusive queue. */
export async function unsubscribe(target: Collecting, unwanted: readonly string[]): Promise<void> {
	await reconcile(target, await collectedForOthers(target, unwanted));
}

async function collectedForOthers(
	{ client, destination, isExclusive }: Collecting,
	codes: readonly string[],
): Promise<string[]> {
	if (isExclusive) return [];
	const current = await currentHandlers(client, destination);
	return [...new Set(current.map(({ event }) => event))].filter((event) => !isSelected(event, codes));
}
