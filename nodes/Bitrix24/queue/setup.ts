import type { ITriggerFunctions } from 'n8n-workflow';
import { z } from 'zod';

import type { Client } from '../api/client';
import { toActionableError, ActionableError } from '../api/errors';
import { bitrixBoolean } from '../api/response';
import type { Connection, CredentialContext } from '../connection/oauth2';
import { readConnection } from '../connection/oauth2';
import { isSelected } from '../event/codes';
import type { PortalInfo } from '../event/queueItem';
import { openBackgroundClient } from '../n8n/openClient';
import type { QueueSettings } from '../settings/settings';
import type { Destination } from '../subscription/handlers';
import { currentHandlers, reconcile } from '../subscription/handlers';
import { checkReadiness } from '../subscription/preconditions';
import { wantedEvents } from '../subscription/selectedEvents';
import type { OfflineQueue } from './offlineQueueApi';
import { openQueue } from './offlineQueueApi';
import type { PendingAcks } from './pendingAcks';
import { pendingAcksOf } from './pendingAcks';

/** A queue that the portal fills, ready to be read. */
export interface QueueSession {
	queue: OfflineQueue;
	/** The portal that its records come from. */
	portal: PortalInfo;
	pendingAcks: PendingAcks;
	/** The portal's codes of the selected events. */
	events: readonly string[];
	/** Whether nobody else takes events from it. */
	isExclusive: boolean;
	/** Whether records can be reserved. */
	canReserve: boolean;
}

/**
 * Makes everything ready for reading the queue: looks at the app, the user's rights and the plan, and lets the portal
 * collect the selected events. Repeating it is harmless.
 *
 * @param signal the node's end
 * @param interactive whether a person waits for it, as at activation
 * @throws Refusal that says what stands in the way, and what to do
 */
export async function setUpQueue(
	context: QueueContext & Pick<ITriggerFunctions, 'logger'>,
	settings: QueueSettings,
	signal: AbortSignal,
	interactive: boolean,
): Promise<QueueSession> {
	const target = await openQueueTarget(context, settings, signal, interactive);
	const { connection, client, features, destination: address, isExclusive } = target;
	await checkReadiness(client, 'and Bitrix24 queues events for administrators only');
	if (!features.reservation && settings.acknowledge !== 'onReceipt') throw noReservation();
	if (!features.namedQueues) {
		context.logger.warn(
			"The portal's Bitrix24 plan has one queue for everything that uses this app, so two Bitrix24 Queue Triggers would take each other's events. Use one trigger for each app.",
		);
	}
	const events = await wantedEvents(client, connection, settings.events);
	const others = await subscribe(target, events);
	if (others.length > 0 && features.namedQueues) {
		context.logger.warn(
			`The queue "${settings.queueName}" also collects ${others.join(', ')}, which this workflow does not select: they are left to whoever else uses it.`,
		);
	}
	return {
		queue: openQueue(target.readClient, target.ackClient, address.connector),
		portal: { memberId: connection.memberId, endpoint: connection.endpoint, status: connection.status },
		pendingAcks: pendingAcksOf(connection, address.connector),
		events,
		isExclusive,
		canReserve: features.reservation,
	};
}

function noReservation(): ActionableError {
	return new ActionableError(
		"The portal's Bitrix24 plan does not let n8n reserve queued events, so events would be lost whenever n8n stops in the middle of a run.",
		'If that is acceptable, choose "On Receipt" in "Acknowledge". Otherwise upgrade the plan to one with extended offline events, or use the Bitrix24 Trigger.',
	);
}

/** n8n's context of the trigger, as far as its portal and its queue depend on it. */
export type QueueContext = CredentialContext & Pick<ITriggerFunctions, 'getWorkflow' | 'getNode'>;

/** The trigger's place on its portal. */
export interface QueueTarget {
	connection: Connection;
	/** For setting the queue up. */
	client: Client;
	/** For reading it: everything ends at once when the node closes. */
	readClient: Client;
	/** For what has to be told to the end. */
	ackClient: Client;
	features: PortalFeatures;
	destination: Destination & { kind: 'offline' };
	/** Whether nobody else takes events from this queue: it has a name that n8n made for this node. */
	isExclusive: boolean;
}

/**
 * Opens the portal, and finds which queue of it is the trigger's.
 *
 * @param signal the node's end
 * @param interactive whether a person waits for the queue to be set up, as at activation
 * @throws Refusal when the credential is not connected, or the portal does not answer
 */
export async function openQueueTarget(
	context: QueueContext,
	{ queueName }: Pick<QueueSettings, 'queueName'>,
	signal: AbortSignal,
	interactive: boolean,
): Promise<QueueTarget> {
	const connection = await readConnection(context);
	const client = openBackgroundClient(context, connection, { signal, endsRequests: true, interactive });
	const { signal: never } = new AbortController();
	const ackClient = openBackgroundClient(context, connection, { signal: never, endsRequests: false });
	const features = await readPortalFeatures(client);
	const name = queueName === '' ? ownQueueName(context) : queueName;
	const isExclusive = features.namedQueues && queueName === '';
	return {
		connection,
		client,
		// In a queue that others use, nobody can tell whose a reservation is whose answer was lost: no other answer may hide it.
		readClient: openBackgroundClient(context, connection, { signal, endsRequests: true, retryUnanswered: isExclusive }),
		ackClient,
		features,
		destination: { kind: 'offline', connector: features.namedQueues ? name : null },
		isExclusive,
	};
}

/**
 * The name of the trigger's own queue. It stays the same as long as workflow and node are the same ones, so that what
 * was queued while the workflow was off is found again.
 */
export function ownQueueName(context: Pick<ITriggerFunctions, 'getWorkflow' | 'getNode'>): string {
	return `n8n_${context.getWorkflow().id ?? 'new'}_${context.getNode().id}`;
}

/** What the portal's Bitrix24 plan allows with queued events. */
export interface PortalFeatures {
	/** Whether events can be reserved, and so survive a crash of n8n. */
	reservation: boolean;
	/** Whether a trigger can have a queue of its own. */
	namedQueues: boolean;
}

const featureSchema = z.object({ value: bitrixBoolean });

/**
 * Looks up the portal's plan (Bitrix24 documentation: feature.get).
 *
 * @throws Refusal when the portal does not answer
 */
export async function readPortalFeatures(client: Client): Promise<PortalFeatures> {
	return {
		reservation: await has(client, 'rest_offline_extended'),
		namedQueues: await has(client, 'rest_auth_connector'),
	};
}

/** A portal that does not know the method or the feature is taken to have it: what it lacks shows when it is used. */
async function has(client: Client, code: string): Promise<boolean> {
	const answer = await client.tryCall('feature.get', { CODE: code });
	if (answer.ok) return featureSchema.catch({ value: true }).parse(answer.result).value;
	if (answer.failure.status === 400 || answer.failure.status === 404) return true;
	throw toActionableError(answer.failure);
}

type Place = Pick<QueueTarget, 'client' | 'destination' | 'isExclusive'>;

/**
 * Lets the portal collect the wanted events in the trigger's queue. In a queue of its own nothing else is collected; in
 * one that others may use, what they collect stays.
 *
 * @param wanted codes that the portal knows, in upper case
 * @returns codes that are collected beside the wanted ones, for others
 * @throws Refusal when the portal refuses
 */
export async function subscribe(
	{ client, destination: address, isExclusive }: Place,
	wanted: readonly string[],
): Promise<string[]> {
	const others = isExclusive ? [] : await collectedBeside({ client, destination: address }, wanted);
	await reconcile(client, address, [...wanted, ...others]);
	return others;
}

/**
 * Stops the collecting of the given events, or of all in a queue of the trigger's own.
 *
 * @throws Refusal when the portal refuses
 */
export async function unsubscribe(
	{ client, destination: address, isExclusive }: Place,
	unwanted: readonly string[],
): Promise<void> {
	await reconcile(
		client,
		address,
		isExclusive ? [] : await collectedBeside({ client, destination: address }, unwanted),
	);
}

async function collectedBeside(
	{ client, destination: address }: Omit<Place, 'isExclusive'>,
	codes: readonly string[],
): Promise<string[]> {
	const current = await currentHandlers(client, address);
	return [...new Set(current.map(({ event }) => event))].filter((event) => !isSelected(event, codes));
}
