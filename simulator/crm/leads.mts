import { fireEvent } from '../events/fireEvent.mjs';
import type { Actor, Origin } from '../portal/actor.mjs';
import type { Portal } from '../portal/portal.mjs';
import type { Lead } from './leadStore.mjs';

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
export interface ByOption {
	by?: Actor;
}

/**
 * Leads as the portal's staff handles them. Every change fires its event, online and offline; a lead that is not there
 * is the caller's mistake, and throws.
 */
export interface Leads {
	list(): Lead[];
	add(fields?: Record<string, unknown>, options?: ByOption): Lead;
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
		update: (id, fields, options) => insist(id, updateLead(portal, String(id), fields, origin(options))),
		delete: (ids, options) => {
			for (const id of [ids].flat()) insist(id, deleteLead(portal, String(id), origin(options)));
		},
	};
}

function insist(id: number | string, found: boolean): void {
	if (!found) throw new Error(`There is no lead ${id} on the simulated portal`);
}
