import type { ITriggerFunctions } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import type { Portal } from '../api/createPortal';
import type { CredentialContext } from '../api/openPortal';
import { openBackgroundPortal, readConnection } from '../api/openPortal';
import type { QueueSettings } from '../settings/queueSettings';
import type { Address } from '../subscription/address';
import type { Plan } from './plan';
import { readPlan } from './plan';
import { ownQueueName } from './queueName';

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
