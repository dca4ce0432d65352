import { addLead, deleteLead, updateLead } from '../../crm/leads.mjs';
import { type Method, page } from '../call.mjs';
import { RestError } from '../restError.mjs';

// Bitrix24 leaves `error` empty here.
const NOT_FOUND = new RestError(400, '', 'Not found');
const scope = 'crm';

/** `crm.lead.get`. A deleted lead is not found. */
export const leadGet: Method = {
	scope,
	run({ portal, params }) {
		const lead = portal.leadStore.get(params.text('id'));
		if (!lead) throw NOT_FOUND;
		return lead;
	},
};

/** `crm.lead.list`: 50 a page. Filter, order and select are not simulated. */
export const leadList: Method = {
	scope,
	run: ({ portal, params }) => page(portal.leadStore.list(), params.integer('start'), (lead) => lead),
};

/** `crm.lead.add`: returns the id, a number. */
export const leadAdd: Method = {
	scope,
	run: ({ portal, params, origin }) => Number(addLead(portal, params.record('fields'), origin).ID),
};

/** `crm.lead.update`. */
export const leadUpdate: Method = {
	scope,
	run({ portal, params, origin }) {
		if (!updateLead(portal, params.text('id'), params.record('fields'), origin)) throw NOT_FOUND;
		return true;
	},
};

/** `crm.lead.delete`. */
export const leadDelete: Method = {
	scope,
	run({ portal, params, origin }) {
		if (!deleteLead(portal, params.text('id'), origin)) throw NOT_FOUND;
		return true;
	},
};
