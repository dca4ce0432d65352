import { fireEvent } from '../events/fireEvent.mjs';
import type { Actor, Origin, Portal } from '../portal/portal.mjs';
import { type PortalRecord, RecordStore } from './recordStore.mjs';

/** A lead's fields as the portal keeps them. */
export type Lead = PortalRecord;

/** A store whose leads have a title and a status. */
export function createLeadStore(): RecordStore {
	return new RecordStore((id) => ({ TITLE: `Lead #${id}`, STATUS_ID: 'NEW' }));
}

type LeadEvent = 'ONCRMLEADADD' | 'ONCRMLEADUPDATE' | 'ONCRMLEADDELETE';

/** Adds a lead and tells everybody who listens. */
export function addLead(portal: Portal, fields: Record<string, unknown>, origin: Origin): Lead {
	const lead = portal.leadStore.add(fields);
	announce(portal, 'ONCRMLEADADD', lead.ID, origin);
	return lead;
}

/** Changes a lead and tells everybody who listens. False: there is no such lead. */
export function updateLead(portal: Portal, id: string, fields: Record<string, unknown>, origin: Origin): boolean {
	const found = portal.leadStore.update(id, fields);
	if (found) announce(portal, 'ONCRMLEADUPDATE', id, origin);
	return found;
}

/** Deletes a lead and tells everybody who listens. False: there is no such lead. */
export function deleteLead(portal: Portal, id: string, origin: Origin): boolean {
	const found = portal.leadStore.delete(id);
	if (found) announce(portal, 'ONCRMLEADDELETE', id, origin);
	return found;
}

function announce(portal: Portal, event: LeadEvent, id: string, origin: Origin): void {
	fireEvent(portal, event, { FIELDS: { ID: id } }, origin);
}

/** Who acts in the portal's own pages: the logged-in user unless told otherwise. */
interface ByOption {
	by?: Actor;
}

/**
 * Leads as the portal's staff handles them. Every change fires its event, online and offline; a lead that is not there
 * is the caller's mistake, and throws.
 */
export interface Leads {
	list(): Lead[];
	add(fields?: Record<string, unknown>, options?: ByOption): Lead;
	/** Adds many at once, by an import of which no event tells. Returns their ids. */
	import(leads: ReadonlyArray<Record<string, unknown>>): string[];
	update(id: number | string, fields: Record<string, unknown>, options?: ByOption): void;
	/** One lead, or many: one event for each. */
	delete(ids: number | string | ReadonlyArray<number | string>, options?: ByOption): void;
}

/** The leads of a portal, for tests and its page. */
export function leadsOf(portal: Portal): Leads {
	const origin = ({ by = portal.currentUserId }: ByOption = {}): Origin => ({ by });
	return {
		list: () => portal.leadStore.list(),
		add: (fields = {}, options) => addLead(portal, fields, origin(options)),
		import: (leads) => leads.map((fields) => portal.leadStore.add(fields).ID),
		update: (id, fields, options) => insist(id, updateLead(portal, String(id), fields, origin(options))),
		delete: (ids, options) => {
			for (const id of [ids].flat()) insist(id, deleteLead(portal, String(id), origin(options)));
		},
	};
}

function insist(id: number | string, found: boolean): void {
	if (!found) throw new Error(`There is no lead ${id} on the simulated portal`);
}

/** The leads of a portal that was told nothing else. */
export function sampleLeads(): Array<Record<string, unknown>> {
	return [
		{
			TITLE: 'Website form: price request',
			NAME: 'Carol',
			LAST_NAME: 'Cook',
			COMPANY_TITLE: 'Cook & Sons',
			PHONE: [{ VALUE: '+44 20 7946 0101', VALUE_TYPE: 'WORK' }],
			ASSIGNED_BY_ID: '1',
			OPPORTUNITY: '1200.00',
			CURRENCY_ID: 'EUR',
		},
		{ TITLE: 'Trade fair contact', NAME: 'Dan', LAST_NAME: 'Drake', COMPANY_TITLE: 'Drake Ltd', ASSIGNED_BY_ID: '15' },
		{ TITLE: 'Call back tomorrow', NAME: 'Eve', LAST_NAME: 'Evans' },
	];
}
