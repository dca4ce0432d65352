import type { ITriggerFunctions } from 'n8n-workflow';

import { Refusal } from '../api/refusal';
import type { QueuePortal } from '../event/toQueueItem';
import type { QueueSettings } from '../settings/queueSettings';
import { checkReadiness } from '../subscription/checkReadiness';
import { wantedEvents } from '../subscription/wantedEvents';
import type { OfflineQueue } from './offlineQueue';
import { openQueue } from './offlineQueue';
import type { StationContext } from './openStation';
import { openStation } from './openStation';
import type { Settlements } from './settlements';
import { settlementsOf } from './settlements';
import { subscribe } from './subscribe';

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
