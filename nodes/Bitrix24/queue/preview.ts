import type { ITriggerFunctions } from 'n8n-workflow';

import { ActionableError } from '../api/errors';
import { isSelected, allNamesOf } from '../event/codes';
import type { QueueSettings } from '../settings/settings';
import { createLog } from '../n8n/log';
import { openLookups } from '../n8n/lookups';
import { currentHandlers } from '../subscription/handlers';
import { nothingSelected } from '../subscription/selectedEvents';
import { createAdditions, itemsWith } from './additions';
import { openQueue } from './offlineQueueApi';
import { openQueueTarget, portalInfo } from './queueTarget';

/**
 * Shows the editor what waits in the queue, and takes nothing from it: the first 50 of the selected events.
 *
 * @throws ActionableError when nothing waits, when nothing is collected yet, or when the portal does not answer
 */
export async function previewQueue(context: ITriggerFunctions, settings: QueueSettings): Promise<void> {
	const { events, simplify } = settings;
	if (events.length === 0) throw nothingSelected();
	const { signal: never } = new AbortController();
	const { connection, client, destination } = await openQueueTarget(context, settings, never, true);
	// By the client that does not keep a person waiting.
	const waiting = await openQueue(client, client, destination.connector).peek([...new Set(events.flatMap(allNamesOf))]);
	const records = waiting.filter(({ EVENT_NAME }) => isSelected(EVENT_NAME, events));
	if (records.length === 0) {
		const isCollecting = (await currentHandlers(client, destination)).length > 0;
		throw isCollecting ? nothingWaits() : nothingCollected();
	}
	const log = createLog(context);
	const addTo = createAdditions({ settings, signal: never, log, now: Date.now });
	const additions = await addTo(records, openLookups(context, connection), true);
	context.emit([context.helpers.returnJsonArray(itemsWith(additions, records, portalInfo(connection), simplify))]);
}

function nothingWaits(): ActionableError {
	return new ActionableError(
		'Nothing waits in the queue at the moment.',
		'Make one of the selected events happen in Bitrix24, then test again. While the workflow is active it takes events from the queue itself, so there is little to see here.',
	);
}

function nothingCollected(): ActionableError {
	return new ActionableError(
		'Bitrix24 does not collect events for this workflow yet.',
		'Activate the workflow once. From then on Bitrix24 keeps its events, also while the workflow is off, and a test shows what waits.',
	);
}
