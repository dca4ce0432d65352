import { addLead, deleteLead, type Lead, updateLead } from '../../crm/leads.mjs';
import { type Call, type Method, page, Page } from '../call.mjs';
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

// Leads; deals, contacts and the others have no store here yet.
const LEAD = 1;

/** `crm.item.list`: 50 a page, in the order of the ids. Of filters, the ids (`@id`, `id`, `=id`) are simulated. */
export const itemList: Method = {
	scope: 'crm',
	run(call) {
		const { params } = call;
		const entries = Object.entries(params.record('filter'));
		const unknown = entries.find(([key]) => !/^[@=]?id$/i.test(key));
		if (unknown) throw RestError.argument(`Filter by ${unknown[0]} is not simulated`);
		const wanted = entries.map(([, value]) => new Set([value].flat().map(String)));
		const items = leadsOf(call).filter(({ ID }) => wanted.every((ids) => ids.has(ID)));
		const { rows, total, next } = page(items, params.integer('start'), toItem);
		return new Page({ items: rows }, total, next);
	},
};

/** `crm.item.get`. */
export const itemGet: Method = {
	scope: 'crm',
	run(call) {
		const lead = leadsOf(call).find(({ ID }) => ID === call.params.text('id'));
		if (!lead) throw new RestError(400, 'NOT_FOUND', 'Element not found');
		return { item: toItem(lead) };
	},
};

function leadsOf({ portal, params }: Call): Lead[] {
	if (params.integer('entitytypeid') !== LEAD) throw new RestError(400, 'NOT_FOUND', 'Smart process is not found');
	return portal.leadStore.list().sort((a, b) => Number(a.ID) - Number(b.ID));
}

/** The names of fields in camel case, as `crm.item.*` has them: `LAST_NAME` is `lastName`. */
function toItem({ ID, ...fields }: Lead): Record<string, unknown> {
	const named = Object.entries(fields).map(([name, value]) => [
		name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
		value,
	]);
	return { id: Number(ID), ...Object.fromEntries(named) };
}
