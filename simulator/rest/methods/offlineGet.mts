import { GET_FIELDS } from '../../offline/field.mjs';
import { readFilter } from '../../offline/filter.mjs';
import { showReserved } from '../../offline/offlineRecord.mjs';
import { readOrder } from '../../offline/order.mjs';
import type { Selection } from '../../offline/selection.mjs';
import { type Call, type Method, PAGE_SIZE } from '../call.mjs';
import { RestError } from '../restError.mjs';
import { offlineAccess } from './offlineAccess.mjs';

/**
 * `event.offline.get`: takes the first records out of the queue (`clear=1`) or reserves them (`clear=0`). With the
 * `process_id` of an earlier reservation it returns what that one still holds; `clear=1` then deletes all of it, also
 * what `limit` left out of the answer.
 */
export const offlineGet: Method = {
	run(call) {
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
};

function readSelection({ params, portal }: Call): Selection {
	const limit = params.integer('limit', PAGE_SIZE);
	if (limit <= 0) throw RestError.argument('Value must be positive integer');
	const compare = readOrder(params.record('order'), GET_FIELDS);
	const rules = { fields: GET_FIELDS, lists: false, negation: !portal.refuseNegatedFilters };
	return { matches: readFilter(params.record('filter'), rules), limit, ...(compare ? { compare } : {}) };
}
