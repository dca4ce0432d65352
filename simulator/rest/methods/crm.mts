import { type Call, type Method, page, RestError } from '../call.mjs';
import { readableItems, toItem } from '../../crm/items.mjs';
import { changesOf, type PortalRecord } from '../../crm/records.mjs';

// Bitrix24 leaves `error` empty here.
const NOT_FOUND = new RestError(400, '', 'Not found');

const leads: Record<string, Method> = {
	'crm.lead.get'({ portal, params }) {
		const lead = portal.leadStore.get(params.text('id'));
		if (!lead) throw NOT_FOUND;
		return lead;
	},
	/** 50 a page. Filter, order and select are not simulated. */
	'crm.lead.list': ({ portal, params }) => page(portal.leadStore.list(), params.integer('start'), (lead) => lead),
	/** Returns the id, a number. */
	'crm.lead.add': ({ portal, params, origin }) =>
		Number(changesOf(portal).add('lead', params.record('fields'), origin).ID),
	'crm.lead.update'({ portal, params, origin }) {
		const found = changesOf(portal).update('lead', params.text('id'), params.record('fields'), origin);
		if (!found) throw NOT_FOUND;
		return true;
	},
	'crm.lead.delete'({ portal, params, origin }) {
		if (!changesOf(portal).delete('lead', params.text('id'), origin)) throw NOT_FOUND;
		return true;
	},
};

/**
 * `crm.item.list`: 50 a page. Of filters, the ids (`@id`, `id`, `=id`) are simulated, of orders that by the id. With a
 * `select` of more than `*`, it holds what that names and nothing else.
 */
const itemList: Method = (call) => {
	const { params } = call;
	const rows = filterById(itemsOf(call), params.record('filter'), /^[@=]?id$/i, call);
	const select = params.has('select') ? (params.list('select') ?? []) : ['*'];
	const show = (record: PortalRecord) => {
		const item = toItem(call.portal, record, params.integer('entitytypeid'), call);
		if (select.includes('*') && select.length === 1) return item;
		const wanted = (name: string) => (select.includes('*') ? name !== 'fm' : name === 'id' || select.includes(name));
		return Object.fromEntries(Object.entries(item).filter(([name]) => wanted(name)));
	};
	return page(rows, params.integer('start'), show, 'items');
};

const itemGet: Method = (call) => {
	const { params, portal } = call;
	const isMeant = ({ ID }: PortalRecord) => ID === params.text('id');
	const entityTypeId = params.integer('entitytypeid');
	const record = itemsOf(call).find(isMeant);
	if (record) return { item: toItem(portal, record, entityTypeId, call) };
	if (portal.itemStores.get(entityTypeId)?.list().some(isMeant))
		throw new RestError(400, 'ACCESS_DENIED', 'Access denied');
	throw new RestError(400, 'NOT_FOUND', 'Element not found');
};

function itemsOf({ portal, params, user }: Call): PortalRecord[] {
	const items = readableItems(portal, params.integer('entitytypeid'), user);
	if (!items) throw new RestError(400, 'NOT_FOUND', 'Smart process is not found');
	return items;
}

/** Those with the ids of a filter, in the order that the call asks for. @throws RestError for any other filter */
function filterById(
	records: PortalRecord[],
	filter: Record<string, unknown>,
	idKey: RegExp,
	{ params }: Call,
): PortalRecord[] {
	const entries = Object.entries(filter);
	const unknown = entries.find(([key]) => !idKey.test(key));
	if (unknown) throw RestError.argument(`Filter by ${unknown[0]} is not simulated`);
	const wanted = entries.map(([, value]) => new Set([value].flat().map(String)));
	const found = records.filter(({ ID }) => wanted.every((ids) => ids.has(ID)));
	const [direction] = Object.entries(params.record('order')).flatMap(([key, value]) =>
		/^id$/i.test(key) ? [value] : [],
	);
	return String(direction).toUpperCase() === 'DESC' ? found.reverse() : found;
}

/** `tasks.task.list`: 50 a page, in the order of the ids unless told otherwise. Of filters, the id is simulated. */
const taskList: Method = (call) => {
	const { params, portal, user } = call;
	const readable = portal.taskStore.list().filter((task) => portal.mayRead(user, task, 'task'));
	const rows = filterById(readable, params.record('filter'), /^=?id$/i, call);
	const show = (task: PortalRecord) => {
		const fields = Object.entries(toItem(portal, task, 0, call)).filter(([name]) => name !== 'entityTypeId');
		return { ...Object.fromEntries(fields), id: task.ID };
	};
	return page(rows, params.integer('start'), show, 'tasks');
};

/** Records: `crm.*` and `tasks.*`. */
export const recordMethods: Record<string, Method> = {
	...leads,
	'crm.item.list': itemList,
	'crm.item.get': itemGet,
	'tasks.task.list': taskList,
};
