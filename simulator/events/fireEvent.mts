import type { Origin, Portal } from '../portal/portal.mjs';
import type { Handler } from './handlerStore.mjs';

/** What an event says about its object: `data` of a delivery, `EVENT_DATA` of an offline record. */
export type EventData = Record<string, unknown>;

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

/**
 * Whether a handler hears of what happened: nothing reaches an app before its installation is complete, `event.test`
 * reaches the app that called it only, and a handler under somebody's `auth_type` knows that user's actions only.
 */
function concerns(portal: Portal, handler: Handler, origin: Origin): boolean {
	if (handler.event === 'ONAPPTEST' && origin.appId !== undefined && origin.appId !== handler.appId) return false;
	const app = [portal.app, portal.otherApp].find(({ id }) => id === handler.appId);
	return app?.installed === true && (handler.userId === 0 || handler.userId === origin.by);
}

const lastNotified = new WeakMap<Portal, Map<number, number>>();

/** Calls the `ONOFFLINEEVENT` handlers of the apps whose queue has grown, at most once in their `minTimeout`. */
function notifyOffline(portal: Portal, appIds: ReadonlySet<number>, origin: Origin): void {
	const last = lastNotified.get(portal) ?? new Map<number, number>();
	lastNotified.set(portal, last);
	const now = portal.clock.now();
	for (const handler of portal.handlerStore.list()) {
		if (handler.event !== 'ONOFFLINEEVENT' || !appIds.has(handler.appId) || !concerns(portal, handler, origin))
			continue;
		const due = (last.get(handler.id) ?? -Infinity) + handler.minTimeout * 1000;
		if (now < due) continue;
		last.set(handler.id, now);
		portal.queueServer.enqueue({ event: handler.event, data: {}, origin, handler });
	}
}
