import type { IHookFunctions } from 'n8n-workflow';

import { inWords } from '../api/inWords';
import { readTriggerSettings } from '../settings/triggerSettings';
import { currentHandlers } from './currentHandlers';
import { diff, isEmpty } from './diff';
import { readLearnedToken } from './learnedToken';
import { activating } from './refusedActivation';
import { openRegistration } from './registration';
import { wantedEvents } from './wantedEvents';

/**
 * Whether nothing has to be registered: what is bound equals what is wanted, and its application token is known. Runs at
 * every activation and at every start of n8n.
 *
 * @throws NodeOperationError with advice when the portal does not tell
 */
export async function checkExists(context: IHookFunctions): Promise<boolean> {
	return await inWords(
		context.getNode(),
		async () => await activating(context, async () => await isRegistered(context)),
	);
}

async function isRegistered(context: IHookFunctions): Promise<boolean> {
	const settings = readTriggerSettings(context);
	// An outgoing webhook is registered by hand and a test asks for a sample each time: create looks at the settings.
	if (settings.authentication === 'outgoingWebhook' || context.getMode() === 'manual') return false;
	const { connection, portal, address } = await openRegistration(context);
	const known =
		connection.applicationToken !== null ||
		readLearnedToken(context.getWorkflowStaticData('node'), connection) !== null;
	if (!known) return false;
	const wanted = await wantedEvents(portal, connection, settings.events);
	return isEmpty(diff(wanted, await currentHandlers(portal, address)));
}
