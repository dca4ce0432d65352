import type { Handler } from '../../events/handlerStore.mjs';
import type { Call, Method } from '../call.mjs';
import { requireApp } from '../requireApp.mjs';
import { RestError } from '../restError.mjs';
import { isOffline } from './eventType.mjs';

/** `event.unbind`: removes handlers of the app and tells how many; none is no error. */
export const eventUnbind: Method = {
	run(call) {
		const app = requireApp(call);
		const { params, portal, connector } = call;
		const event = params.text('event').toUpperCase();
		if (event === '') throw RestError.missing('EVENT');
		const offline = isOffline(params);
		if (offline && !call.user.admin) {
			throw RestError.denied('Offline events unbinding requires administrator access rights');
		}
		const url = offline ? '' : params.text('handler');
		if (!offline && url === '') throw RestError.missing('HANDLER');
		const belongs = offline ? (handler: Handler) => handler.connector === connector : ofUser(call);
		const count = portal.handlerStore.remove(
			(handler) => handler.appId === app.id && handler.event === event && handler.url === url && belongs(handler),
		);
		return { count };
	},
};

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
