import type { ITriggerFunctions } from 'n8n-workflow';
import { z } from 'zod';

import type { Portal } from '../api/client';
import { advise, Refusal } from '../api/errors';
import { yes } from '../api/response';
import type { Connection, CredentialContext } from '../connection/oauth2';
import { readConnection } from '../connection/oauth2';
import { isSelected } from '../event/codes';
import type { QueuePortal } from '../event/queueItem';
import { openBackgroundPortal } from '../n8n/openClient';
import type { QueueSettings } from '../settings/settings';
import type { Address } from '../subscription/handlers';
import { currentHandlers, reconcile } from '../subscription/handlers';
import { checkReadiness } from '../subscription/preconditions';
import { wantedEvents } from '../subscription/selectedEvents';
import type { OfflineQueue } from './offlineQueueApi';
import { openQueue } from './offlineQueueApi';
import type { Settlements } from './pendingAcks';
import { settlementsOf } from './pendingAcks';

/** A queue that the portal fills, ready to be read. */
export interface ReadyQueue {
	queue: OfflineQueue;
	/** The portal that its records come from. */
	source: QueuePortal;
	settlements: Settlements;
	/** The portal's codes of the selected events. */
	events: readonly string[];
	/** Whether nobody else takes events from it. */
	isOwn: boolean;
	/** Whether records can be reserved. */
	canReserve: boolean;
}

/**
 * Makes everything ready for reading the queue: looks at the app, the user's rights and the plan, and lets the portal
 * collect the selected events. Repeating it is harmless.
 *
 * @param signal the node's end
 * @param somebodyWaits whether a person waits for it, as at activation
 * @throws Refusal that says what stands in the way, and what to do
 */
export async function prepare(
	context: StationContext & Pick<ITriggerFunctions, 'logger'>,
	settings: QueueSettings,
	signal: AbortSignal,
	somebodyWaits: boolean,
): Promise<ReadyQueue> {
	const station = await openStation(context, settings, signal, somebodyWaits);
	const { connection, portal, plan, address, isOwn } = station;
	await checkReadiness(portal, 'and Bitrix24 queues events for administrators only');
	if (!plan.reservation && settings.acknowledge !== 'onReceipt') throw noReservation();
	if (!plan.ownQueues) {
		context.logger.warn(
			"The portal's Bitrix24 plan has one queue for everything that uses this app, so two Bitrix24 Queue Triggers would take each other's events. Use one trigger for each app.",
		);
	}
	const events = await wantedEvents(portal, connection, settings.events);
	const others = await subscribe(station, events);
	if (others.length > 0 && plan.ownQueues) {
		context.logger.warn(
			`The queue "${settings.queueName}" also collects ${others.join(', ')}, which this workflow does not select: they are left to whoever else uses it.`,
		);
	}
	return {
		queue: openQueue(station.reading, station.settling, address.connector),
		source: { memberId: connection.memberId, endpoint: connection.endpoint, status: connection.status },
		settlements: settlementsOf(connection, address.connector),
		events,
		isOwn,
		canReserve: plan.reservation,
	};
}

function noReservation(): Refusal {
	return new Refusal(
		"The portal's Bitrix24 plan does not let n8n reserve queued events, so events would be lost whenever n8n stops in the middle of a run.",
		'If that is acceptable, choose "On Receipt" in "Acknowledge". Otherwise upgrade the plan to one with extended offline events, or use the Bitrix24 Trigger.',
	);
}

/** n8n's context of the trigger, as far as its portal and its queue depend on it. */
export type StationContext = CredentialContext & Pick<ITriggerFunctions, 'getWorkflow' | 'getNode'>;

/** The trigger's place on its portal. */
export interface Station {
	connection: Connection;
	/** For setting the queue up. */
	portal: Portal;
	/** For reading it: everything ends at once when the node closes. */
	reading: Portal;
	/** For what has to be told to the end. */
	settling: Portal;
	plan: Plan;
	address: Address & { kind: 'offline' };
	/** Whether nobody else takes events from this queue: it has a name that n8n made for this node. */
	isOwn: boolean;
}

/**
 * Opens the portal, and finds which queue of it is the trigger's.
 *
 * @param signal the node's end
 * @param somebodyWaits whether a person waits for the queue to be set up, as at activation
 * @throws Refusal when the credential is not connected, or the portal does not answer
 */
export async function openStation(
	context: StationContext,
	{ queueName }: Pick<QueueSettings, 'queueName'>,
	signal: AbortSignal,
	somebodyWaits: boolean,
): Promise<Station> {
	const connection = await readConnection(context);
	const portal = openBackgroundPortal(context, connection, { signal, endsRequests: true, somebodyWaits });
	const { signal: never } = new AbortController();
	const settling = openBackgroundPortal(context, connection, { signal: never, endsRequests: false });
	const plan = await readPlan(portal);
	const name = queueName === '' ? ownQueueName(context) : queueName;
	const isOwn = plan.ownQueues && queueName === '';
	return {
		connection,
		portal,
		// In a queue that others use, nobody can tell whose a reservation is whose answer was lost: no other answer may hide it.
		reading: openBackgroundPortal(context, connection, { signal, endsRequests: true, asksAgain: isOwn }),
		settling,
		plan,
		address: { kind: 'offline', connector: plan.ownQueues ? name : null },
		isOwn,
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
export interface Plan {
	/** Whether events can be reserved, and so survive a crash of n8n. */
	reservation: boolean;
	/** Whether a trigger can have a queue of its own. */
	ownQueues: boolean;
}

const feature = z.object({ value: yes });

/**
 * Looks up the portal's plan (Bitrix24 documentation: feature.get).
 *
 * @throws Refusal when the portal does not answer
 */
export async function readPlan(portal: Portal): Promise<Plan> {
	return {
		reservation: await has(portal, 'rest_offline_extended'),
		ownQueues: await has(portal, 'rest_auth_connector'),
	};
}

/** A portal that does not know the method or the feature is taken to have it: what it lacks shows when it is used. */
async function has(portal: Portal, code: string): Promise<boolean> {
	const answer = await portal.call('feature.get', { CODE: code });
	if (answer.ok) return feature.catch({ value: true }).parse(answer.result).value;
	if (answer.failure.status === 400 || answer.failure.status === 404) return true;
	throw advise(answer.failure);
}

type Place = Pick<Station, 'portal' | 'address' | 'isOwn'>;

/**
 * Lets the portal collect the wanted events in the trigger's queue. In a queue of its own nothing else is collected; in
 * one that others may use, what they collect stays.
 *
 * @param wanted codes that the portal knows, in upper case
 * @returns codes that are collected beside the wanted ones, for others
 * @throws Refusal when the portal refuses
 */
export async function subscribe({ portal, address, isOwn }: Place, wanted: readonly string[]): Promise<string[]> {
	const others = isOwn ? [] : await collectedBeside({ portal, address }, wanted);
	await reconcile(portal, address, [...wanted, ...others]);
	return others;
}

/**
 * Stops the collecting of the given events, or of all in a queue of the trigger's own.
 *
 * @throws Refusal when the portal refuses
 */
export async function unsubscribe({ portal, address, isOwn }: Place, unwanted: readonly string[]): Promise<void> {
	await reconcile(portal, address, isOwn ? [] : await collectedBeside({ portal, address }, unwanted));
}

async function collectedBeside({ portal, address }: Omit<Place, 'isOwn'>, codes: readonly string[]): Promise<string[]> {
	const current = await currentHandlers(portal, address);
	return [...new Set(current.map(({ event }) => event))].filter((event) => !isSelected(event, codes));
}
