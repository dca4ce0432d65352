import type { Origin } from '../portal/actor.mjs';
import type { Portal } from '../portal/portal.mjs';
import { concerns } from './concerns.mjs';
import type { EventData } from './eventData.mjs';
import type { Handler } from './handlerStore.mjs';
import { notifyOffline } from './notifyOffline.mjs';

/** Tells every handler of the event: online ones through the queue server, offline ones by a record in the queue. */
export function fireEvent(portal: Portal, event: string, data: EventData, origin: Origin): void {
	const queuedFor = new Set<number>();
	for (const handler of portal.handlerStore.list()) {
		if (handler.event !== event || !concerns(portal, handler, origin)) continue;
		if (handler.url !== '') {
			portal.queueServer.enqueue({ event, data, origin, handler });
		} else if (!isEcho(handler, origin)) {
			portal.queue.add({ appId: handler.appId, connector: handler.connector, event, data, by: origin.by });
			queuedFor.add(handler.appId);
		}
	}
	portal.queueServer.enqueueWebhooks({ event, data, origin });
	notifyOffline(portal, queuedFor, origin);
}

/** A change that the app made itself, under the same `auth_connector`, is not queued back to it. */
function isEcho(handler: Handler, origin: Origin): boolean {
	return origin.appId === handler.appId && origin.connector === handler.connector;
}
