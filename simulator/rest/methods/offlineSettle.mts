import type { Method } from '../call.mjs';
import { RestError } from '../restError.mjs';
import { offlineAccess, requireProcess } from './offlineAccess.mjs';

/** `event.offline.clear`: confirms a reservation, or the records of it that are named by message or id. */
export const offlineClear: Method = {
	run(call) {
		const key = offlineAccess(call);
		const processId = requireProcess(call);
		const { params, portal } = call;
		const messages = params.list('message_id');
		const ids = params.list('id');
		if (messages?.some((id) => id.trim().length !== 32)) {
			throw RestError.argument('Value must be array of MESSAGE_ID values');
		}
		if (ids?.some((id) => !(Number.parseInt(id, 10) > 0))) throw RestError.argument('Value must be array of integers');
		if (messages) portal.queue.clear(key, processId, ({ messageId }) => messages.includes(messageId));
		else portal.queue.clear(key, processId, ({ id }) => !ids || ids.includes(String(id)));
		return true;
	},
};

/** `event.offline.error`: puts records of a reservation aside as failed. */
export const offlineError: Method = {
	run(call) {
		const key = offlineAccess(call);
		const processId = requireProcess(call);
		const messages = call.params.list('message_id');
		if (!messages) throw RestError.argument('Value must be array of MESSAGE_ID values');
		call.portal.queue.fail(key, processId, messages);
		return true;
	},
};
