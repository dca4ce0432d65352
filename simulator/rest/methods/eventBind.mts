import { eventsInScope } from '../../events/scopeOfEvent.mjs';
import type { Call, Method } from '../call.mjs';
import { requireApp } from '../requireApp.mjs';
import { RestError } from '../restError.mjs';
import { checkHandlerUrl } from './checkHandlerUrl.mjs';
import { isOffline } from './eventType.mjs';

const MIN_TIMEOUT = 1;

/** `event.bind`: stores a handler of the app. */
export const eventBind: Method = {
	run(call) {
		const app = requireApp(call);
		const { params, portal } = call;
		const userId = handlerUser(call);
		const event = params.text('event').toUpperCase();
		if (event === '') throw RestError.missing('EVENT');
		const offline = isOffline(params);
		if (offline && !call.user.admin) {
			throw RestError.denied('Offline events binding requires administrator access rights');
		}
		const url = offline ? '' : params.text('handler');
		if (!offline && url === '') throw RestError.missing('HANDLER');
		if (!offline) checkHandlerUrl(url);
		if (!eventsInScope(portal.events, app.scope).includes(event)) {
			throw new RestError(400, 'ERROR_EVENT_NOT_FOUND', 'Event not found');
		}
		if (offline && event === 'ONOFFLINEEVENT') {
			throw RestError.argument('Offline event cannot be registered for this event.');
		}
		const minTimeout = Number(params.record('options').minTimeout ?? MIN_TIMEOUT);
		const handler = { appId: app.id, event, url, connector: call.connector, minTimeout };
		if (!portal.handlerStore.add({ ...handler, userId: offline ? 0 : userId })) {
			throw new RestError(400, 'ERROR_CORE', 'Unable to set event handler: Handler already binded');
		}
		return true;
	},
};

/** `auth_type`: 0 for everybody's actions. Those who are no administrators get a handler for themselves only. */
function handlerUser({ params, user }: Call): number {
	const wanted = params.integer('auth_type');
	if (user.admin) return Math.max(0, wanted);
	if (wanted > 0 && wanted !== user.id) {
		throw RestError.denied('Event binding with AUTH_TYPE requires administrator access rights');
	}
	return user.id;
}
