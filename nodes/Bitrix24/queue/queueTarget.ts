import type { ITriggerFunctions } from 'n8n-workflow';
import { z } from 'zod';

import type { Client } from '../api/client';
import { toActionableError } from '../api/errors';
import { bitrixBoolean } from '../api/response';
import type { Connection, CredentialContext } from '../connection/oauth2';
import { readConnection } from '../connection/oauth2';
import { isSelected } from '../event/codes';
import type { PortalInfo } from '../event/queueItem';
import { clientFor, interactive } from '../n8n/openClient';
import type { QueueSettings } from '../settings/settings';
import type { SubscriptionTarget } from '../subscription/handlers';
import { currentHandlers, reconcile } from '../subscription/handlers';
import type { OfflineQueue } from './offlineQueueApi';
import { openQueue } from './offlineQueueApi';

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

/** What items say of the portal, from the credential: its records do not name it. */
export function portalInfo({ memberId, endpoint, status }: Connection): PortalInfo {
	return { memberId, endpoint, status };
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
