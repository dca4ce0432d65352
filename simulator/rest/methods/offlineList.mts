import { LIST_FIELDS } from '../../offline/field.mjs';
import { readFilter } from '../../offline/filter.mjs';
import { showListed } from '../../offline/offlineRecord.mjs';
import { readOrder } from '../../offline/order.mjs';
import { type Method, page } from '../call.mjs';
import { offlineAccess } from './offlineAccess.mjs';

/** `event.offline.list`: reads the queue, 50 records a page, and changes nothing. */
export const offlineList: Method = {
	run(call) {
		const key = offlineAccess(call);
		const { params, portal } = call;
		const rules = { fields: LIST_FIELDS, lists: true, negation: !portal.refuseNegatedFilters };
		const matches = readFilter(params.record('filter'), rules);
		const compare = readOrder(params.record('order'), LIST_FIELDS);
		const rows = portal.queue.list(key).filter(matches);
		return page(compare ? rows.sort(compare) : rows, params.integer('start'), showListed);
	},
};
