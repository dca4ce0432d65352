import type { IHookFunctions } from 'n8n-workflow';

import { inWords } from '../api/inWords';
import { Refusal } from '../api/refusal';
import { readTriggerSettings } from '../settings/triggerSettings';
import { reconcile } from './reconcile';
import { refusedBefore } from './refusedActivation';
import { openRegistration } from './registration';

// Where Bitrix24 no longer knows the app, its handlers are gone as well: nothing is left to take down.
const gone = new Set(['NO_ACCESS', 'PORTAL_DELETED']);

/**
 * Takes everything down that is bound at the trigger's URL, the learning handler included.
 *
 * @throws NodeOperationError with advice when the portal refuses; n8n then tries again. Not after a refused activation,
 * which n8n repeats as a whole
 */
export async function remove(context: IHookFunctions): Promise<boolean> {
	const refusal = refusedBefore(context);
	return await inWords(context.getNode(), async () => {
		if (readTriggerSettings(context).authentication === 'oAuth2') {
			await takeDown(context).catch((error: unknown) => pass(context, error, refusal));
		}
		return true;
	});
}

async function takeDown(context: IHookFunctions): Promise<void> {
	const { portal, address } = await openRegistration(context);
	await reconcile(portal, address, []);
}

/** @param refusal what the activation threw that this cleans up after; null when it is not for that */
function pass(context: IHookFunctions, error: unknown, refusal: string | null): void {
	if (!(error instanceof Refusal)) throw error;
	const isGone = error.failure === null || gone.has(error.failure.code);
	if (!isGone && refusal === null) throw error;
	// The user has just read it, n8n says it in its log, and says it five times: as often as it tries to activate.
	if (String(error) === refusal) return;
	context.logger.warn(`Bitrix24 Trigger could not take its handlers down. ${error.message}`);
}
