import type { Portal } from '../api/createPortal';
import { advise } from '../api/advise';
import { yes } from '../api/yes';
import { z } from 'zod';

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
