import { fireEvent } from '../events/fireEvent.mjs';
import type { Actor, Portal } from '../portal/portal.mjs';
import { entityTypes } from './items.mjs';
import { type PortalRecord, RecordStore } from './recordStore.mjs';

/** A kind by its name, or a smart process by its `entityTypeId`. */
export type RecordKind = 'deal' | 'contact' | 'company' | 'quote' | 'task' | number;

/** Records that are no leads, as the portal's staff handles them. Every change fires its events. */
export interface Records {
	add(kind: RecordKind, fields?: Record<string, unknown>, options?: { by?: Actor }): PortalRecord;
	update(kind: RecordKind, id: number | string, fields: Record<string, unknown>, options?: { by?: Actor }): void;
	delete(kind: RecordKind, id: number | string, options?: { by?: Actor }): void;
}

/** The records of a portal, for tests. */
export function recordsOf(portal: Portal): Records {
	function storeFor(kind: RecordKind): RecordStore {
		if (kind === 'task') return portal.taskStore;
		const entityTypeId = typeof kind === 'number' ? kind : entityTypes[kind];
		const store = portal.itemStores.get(entityTypeId) ?? new RecordStore();
		portal.itemStores.set(entityTypeId, store);
		return store;
	}

	function announce(kind: RecordKind, verb: Verb, id: string, by: Actor = portal.currentUserId): void {
		for (const [code, data] of eventsOf(kind, verb, id)) fireEvent(portal, code, data, { by });
	}

	function insist(kind: RecordKind, id: string, found: boolean): void {
		if (!found) throw new Error(`There is no ${kind} ${id} on the simulated portal`);
	}

	return {
		add(kind, fields = {}, { by } = {}) {
			const record = storeFor(kind).add(fields);
			announce(kind, 'ADD', record.ID, by);
			return record;
		},
		update(kind, id, fields, { by } = {}) {
			insist(kind, String(id), storeFor(kind).update(String(id), fields));
			announce(kind, 'UPDATE', String(id), by);
		},
		delete(kind, id, { by } = {}) {
			insist(kind, String(id), storeFor(kind).delete(String(id)));
			announce(kind, 'DELETE', String(id), by);
		},
	};
}

type Verb = 'ADD' | 'UPDATE' | 'DELETE';

/** A smart process has each event twice: once for all of them, and once by its own type. */
function eventsOf(kind: RecordKind, verb: Verb, id: string): Array<[code: string, data: Record<string, unknown>]> {
	if (kind === 'task') {
		const at = (present: boolean) => (present ? { ID: id } : 'undefined');
		return [[`ONTASK${verb}`, { FIELDS_BEFORE: at(verb !== 'ADD'), FIELDS_AFTER: at(verb !== 'DELETE') }]];
	}
	if (typeof kind === 'string') return [[`ONCRM${kind.toUpperCase()}${verb}`, { FIELDS: { ID: id } }]];
	const data = { FIELDS: { ID: id, ENTITY_TYPE_ID: String(kind) } };
	return [
		[`ONCRMDYNAMICITEM${verb}`, data],
		[`ONCRMDYNAMICITEM${verb}_${kind}`, data],
	];
}
