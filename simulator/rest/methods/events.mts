import { type Call, type Method, requireApp, RestError } from '../call.mjs';
import { eventsInScope, fireEvent, type Handler, showHandler } from '../../events.mjs';

const MIN_TIMEOUT = 1;

/** Registration: `event.*`. */
export const eventMethods: Record<string, Method> = {
	'event.bind'(call) {
		const { params, portal } = call;
		const { app, event, offline, url } = readTarget(call, 'binding');
		const userId = handlerUser(call);
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
	/** `event.unbind`: removes handlers of the app and tells how many; none is no error. */
	'event.unbind'(call) {
		const { portal, connector } = call;
		const { app, event, offline, url } = readTarget(call, 'unbinding');
		const belongs = offline ? (handler: Handler) => handler.connector === connector : ofUser(call);
		const count = portal.handlerStore.remove(
			(handler) => handler.appId === app.id && handler.event === event && handler.url === url && belongs(handler),
		);
		return { count };
	},
	/** `event.get`: the app's handlers, of every connector; only one's own without administrator rights. */
	'event.get'(call) {
		const app = requireApp(call);
		return call.portal.handlerStore
			.list()
			.filter((handler) => handler.appId === app.id && (call.user.admin || handler.userId === call.user.id))
			.map(showHandler);
	},
	/** `event.test`: sends `ONAPPTEST`, with the call's parameters, down the whole road to the app's handlers. */
	'event.test'(call) {
		requireApp(call);
		fireEvent(call.portal, 'ONAPPTEST', { QUERY: call.query, LANGUAGE_ID: 'en' }, call.origin);
		return 1;
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

/**
 * Which users' online handlers are meant: those of `auth_type`, else everybody's, or one's own without the right. Those
 * without it may name only themselves, and only as an integer: the string that `event.get` returns is refused.
 */
function ofUser({ params, user }: Call): (handler: Handler) => boolean {
	if (!params.has('auth_type')) return (handler) => user.admin || handler.userId === user.id;
	if (!user.admin && params.raw('auth_type') !== user.id) {
		throw RestError.denied('Event unbinding with AUTH_TYPE requires administrator access rights');
	}
	const userId = params.integer('auth_type');
	return (handler) => handler.userId === userId;
}

/** Which handlers a call is about. @throws RestError 400 for what is missing, 403 for offline ones without the right */
function readTarget(call: Call, doing: 'binding' | 'unbinding') {
	const app = requireApp(call);
	const event = call.params.text('event').toUpperCase();
	if (event === '') throw RestError.missing('EVENT');
	const type = call.params.text('event_type').toLowerCase() || 'online';
	if (type !== 'online' && type !== 'offline') throw RestError.argument('Value must be one of {online|offline}');
	const offline = type === 'offline';
	if (offline && !call.user.admin) {
		throw RestError.denied(`Offline events ${doing} requires administrator access rights`);
	}
	const url = offline ? '' : call.params.text('handler');
	if (!offline && url === '') throw RestError.missing('HANDLER');
	return { app, event, offline, url };
}

/** Refuses handler URLs that the queue server would not call. @throws RestError 400 */
export function checkHandlerUrl(url: string): void {
	const [, scheme = '', host = ''] = /^(?:([a-z][a-z0-9+.-]*):)?\/\/(?:[^/?#@]*@)?([^/?#:]*)/i.exec(url) ?? [];
	if (host.indexOf('.') <= 0) throw new RestError(400, 'ERROR_WRONG_HANDLER_URL', 'Wrong handler URL');
	if (scheme !== 'http' && scheme !== 'https') {
		throw new RestError(400, 'ERROR_UNSUPPORTED_PROTOCOL', 'Unsupported handler protocol');
	}
}
