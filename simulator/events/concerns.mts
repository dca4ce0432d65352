import type { Origin } from '../portal/actor.mjs';
import type { Portal } from '../portal/portal.mjs';
import type { Handler } from './handlerStore.mjs';

/**
 * Whether a handler hears of what happened: nothing reaches an app before its installation is complete, `event.test`
 * reaches the app that called it only, and a handler under somebody's `auth_type` knows that user's actions only.
 */
export function concerns(portal: Portal, handler: Handler, origin: Origin): boolean {
	if (handler.event === 'ONAPPTEST' && origin.appId !== undefined && origin.appId !== handler.appId) return false;
	const app = [portal.app, portal.otherApp].find(({ id }) => id === handler.appId);
	return app?.installed === true && (handler.userId === 0 || handler.userId === origin.by);
}
