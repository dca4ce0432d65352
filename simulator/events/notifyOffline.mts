import type { Origin } from '../portal/actor.mjs';
import type { Portal } from '../portal/portal.mjs';
import { concerns } from './concerns.mjs';

const lastNotified = new WeakMap<Portal, Map<number, number>>();

/** Calls the `ONOFFLINEEVENT` handlers of the apps whose queue has grown, at most once in their `minTimeout`. */
export function notifyOffline(portal: Portal, appIds: ReadonlySet<number>, origin: Origin): void {
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
