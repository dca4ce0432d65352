import { type Call, type Method, page, PAGE_SIZE, requireApp, RestError } from '../call.mjs';
import { type QueueKey, type Selection, showListed, showReserved } from '../../offline/offlineQueue.mjs';
import { GET_FIELDS, LIST_FIELDS, readFilter, readOrder } from '../../offline/query.mjs';

/** The queue that a call is about. @throws RestError 403 for a caller who is no administrator, or no app */
function offlineAccess(call: Call): QueueKey {
	const app = requireApp(call);
	if (!call.user.admin) throw RestError.denied();
	return { appId: app.id, connector: call.connector };
}

/** `process_id` of a call that must have one. @throws RestError 400 */
function requireProcess({ params }: Call): string {
	if (!params.has('process_id')) throw RestError.missing('PROCESS_ID');
	return params.text('process_id');
}

/** The offline queue: `event.offline.*`. Administrators only. */
export const offlineMethods: Record<string, Method> = {
	/**
	 * `event.offline.get`: takes the first records out of the queue (`clear=1`) or reserves them (`clear=0`). With the
	 * `process_id` of an earlier reservation it returns what that one still holds; `clear=1` then deletes all of it, also
	 * what `limit` left out of the answer.
	 */
	'event.offline.get'(call) {
		const key = offlineAccess(call);
		const { params, portal } = call;
		const clear = params.integer('clear', 1) !== 0;
		if (!clear && !portal.plan.offlineExtended) throw RestError.license('extended offline events handling');
		const selection = readSelection(call);
		const error = params.integer('error') === 1;
		const given = params.has('process_id') ? params.text('process_id') : undefined;
		const processId = given ?? portal.queue.reserve(key, error, selection);
		const events = portal.queue.process(key, processId, error, selection).map(showReserved);
		if (clear && events.length > 0) portal.queue.clear(key, processId);
		return { process_id: clear && given === undefined ? null : processId, events };
	},
	/** `event.offline.list`: reads the queue, 50 records a page, and changes nothing. */
	'event.offline.list'(call) {
		const key = offlineAccess(call);
		const { params, portal } = call;
		const rules = { fields: LIST_FIELDS, lists: true, negation: !portal.refuseNegatedFilters };
		const matches = readFilter(params.record('filter'), rules);
		const compare = readOrder(params.record('order'), LIST_FIELDS);
		const rows = portal.queue.list(key).filter(matches);
		return page(compare ? rows.sort(compare) : rows, params.integer('start'), showListed);
	},
	/** `event.offline.clear`: confirms a reservation, or the records of it that are named by message or id. */
	'event.offline.clear'(call) {
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
	/** `event.offline.error`: puts records of a reservation aside as failed. */
	'event.offline.error'(call) {
		const key = offlineAccess(call);
		const processId = requireProcess(call);
		const messages = call.params.list('message_id');
		if (!messages) throw RestError.argument('Value must be array of MESSAGE_ID values');
		call.portal.queue.fail(key, processId, messages);
		return true;
	},
};

function readSelection({ params, portal }: Call): Selection {
	const limit = params.integer('limit', PAGE_SIZE);
	if (limit <= 0) throw RestError.argument('Value must be positive integer');
	const compare = readOrder(params.record('order'), GET_FIELDS);
	const rules = { fields: GET_FIELDS, lists: false, negation: !portal.refuseNegatedFilters };
	return { matches: readFilter(params.record('filter'), rules), limit, ...(compare ? { compare } : {}) };
}
