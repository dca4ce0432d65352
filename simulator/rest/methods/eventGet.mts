import { showHandler } from '../../events/handlerStore.mjs';
import type { Method } from '../call.mjs';
import { requireApp } from '../requireApp.mjs';

/** `event.get`: the app's handlers, of every connector; only one's own without administrator rights. */
export const eventGet: Method = {
	run(call) {
		const app = requireApp(call);
		return call.portal.handlerStore
			.list()
			.filter((handler) => handler.appId === app.id && (call.user.admin || handler.userId === call.user.id))
			.map(showHandler);
	},
};
