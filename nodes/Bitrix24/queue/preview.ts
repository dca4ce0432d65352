import type { ITriggerFunctions } from 'n8n-workflow';

import { ActionableError } from '../api/errors';
import { isSelected } from '../event/codes';
import { toQueueItems } from '../event/queueItem';
import type { QueueSettings } from '../settings/settings';
import { currentHandlers } from '../subscription/handlers';
import { nothingSelected } from '../subscription/selectedEvents';
import { openQueue } from './offlineQueueApi';
import { openQueueTarget, portalInfo } from './setup';

/**
 * Shows the editor what waits in the queue, and takes nothing from it: at most the first 50 events.
 *
 * @throws ActionableError when nothing waits, when nothing is collected yet, or when the portal does not answer
 */
export async function previewQueue(context: ITriggerFunctions, settings: QueueSettings): Promise<void> {
	const { events, simplify } = settings;
	if (events.length === 0) throw nothingSelected();
	const { signal: never } = new AbortController();
	const { connection, client, destination } = await openQueueTarget(context, settings, never, true);
	// By the client that does not keep a person waiting.
	const waiting = await openQueue(client, client, destination.connector).peek();
	const records = waiting.filter(({ EVENT_NAME }) => isSelected(EVENT_NAME, events));
	if (records.length === 0) {
		const isCollecting = (await currentHandlers(client, destination)).length > 0;
		throw isCollecting ? nothingWaits() : nothingCollected();
	}
	context.emit([context.helpers.returnJsonArray(toQueueItems(records, portalInfo(connection), simplify))]);
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
