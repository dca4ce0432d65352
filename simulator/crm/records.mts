import { fireEvent } from '../events.mjs';
import type { Actor, Origin, Portal } from '../portal.mjs';
import { entityTypes } from './items.mjs';

/** A record's fields as the portal keeps them; `ID` is always there. */
export interface PortalRecord {
	ID: string;
	[field: string]: unknown;
}

export class RecordStore {
	private readonly records = new Map<string, PortalRecord>();
	private nextId = 1;

	/** @param preset fields of a new record, where it does not bring its own */
	constructor(private readonly preset: (id: string) => Record<string, unknown> = () => ({})) {}

	/** Stores a record under the next id, or under `fields.ID`. */
	add(fields: Record<string, unknown>): PortalRecord {
		const id = fields.ID === undefined ? String(this.nextId) : String(fields.ID);
		this.nextId = Math.max(this.nextId, Number(id)) + 1;
		const record: PortalRecord = { ...this.preset(id), ...fields, ID: id };
		this.records.set(id, record);
		return record;
	}

	get(id: string): PortalRecord | undefined {
		return this.records.get(id);
	}

	/** Changes fields. False: there is no such record. */
	update(id: string, fields: Record<string, unknown>): boolean {
		const record = this.records.get(id);
		if (record) Object.assign(record, fields, { ID: id });
		return record !== undefined;
	}

	/** False: there is no such record. */
	delete(id: string): boolean {
		return this.records.delete(id);
	}

	list(): PortalRecord[] {
		return [...this.records.values()];
	}
}

/** A kind by its name, or a smart process by its `entityTypeId`. */
export type RecordKind = 'lead' | 'deal' | 'contact' | 'company' | 'quote' | 'task' | number;

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

/** What happens to records: every change tells everybody who listens, online and offline. */
export function changesOf(portal: Portal) {
	function storeFor(kind: RecordKind): RecordStore {
		if (kind === 'task') return portal.taskStore;
		const entityTypeId = typeof kind === 'number' ? kind : entityTypes[kind];
		const store = portal.itemStores.get(entityTypeId) ?? new RecordStore();
		portal.itemStores.set(entityTypeId, store);
		return store;
	}

	function announce(kind: RecordKind, verb: Verb, id: string, origin: Origin): void {
		for (const [code, data] of eventsOf(kind, verb, id)) fireEvent(portal, code, data, origin);
	}

	return {
		add(kind: RecordKind, fields: Record<string, unknown>, origin: Origin): PortalRecord {
			const record = storeFor(kind).add(fields);
			announce(kind, 'ADD', record.ID, origin);
			return record;
		},
		/** False: there is no such record. */
		update(kind: RecordKind, id: string, fields: Record<string, unknown>, origin: Origin): boolean {
			const found = storeFor(kind).update(id, fields);
			if (found) announce(kind, 'UPDATE', id, origin);
			return found;
		},
		/** False: there is no such record. */
		delete(kind: RecordKind, id: string, origin: Origin): boolean {
			const found = storeFor(kind).delete(id);
			if (found) announce(kind, 'DELETE', id, origin);
			return found;
		},
	};
}

/** Who acts in the portal's own pages: the logged-in user unless told otherwise. */
interface ByOption {
	by?: Actor;
}

type Fields = Record<string, unknown>;

/**
 * Records as the portal's staff handles them, for tests and the page. Every change fires its events, online and
 * offline; a record that is not there is the caller's mistake, and throws.
 */
export function recordsOf(portal: Portal) {
	const changes = changesOf(portal);
	const origin = ({ by = portal.currentUserId }: ByOption = {}): Origin => ({ by });
	const insist = (kind: RecordKind, id: number | string, found: boolean): void => {
		if (!found) throw new Error(`There is no ${kind} ${id} on the simulated portal`);
	};
	return {
		add: (kind: RecordKind, fields: Fields = {}, options?: ByOption) => changes.add(kind, fields, origin(options)),
		update: (kind: RecordKind, id: number | string, fields: Fields, options?: ByOption): void =>
			insist(kind, id, changes.update(kind, String(id), fields, origin(options))),
		delete: (kind: RecordKind, id: number | string, options?: ByOption): void =>
			insist(kind, id, changes.delete(kind, String(id), origin(options))),
	};
}

/** The same for leads. */
export function leadsOf(portal: Portal) {
	const records = recordsOf(portal);
	return {
		list: () => portal.leadStore.list(),
		add: (fields?: Fields, options?: ByOption) => records.add('lead', fields, options),
		/** Adds many at once, by an import of which no event tells. Returns their ids. */
		import: (leads: readonly Fields[]) => leads.map((fields) => portal.leadStore.add(fields).ID),
		update: (id: number | string, fields: Fields, options?: ByOption) => records.update('lead', id, fields, options),
		/** One lead, or many: one event for each. */
		delete(ids: number | string | ReadonlyArray<number | string>, options?: ByOption): void {
			for (const id of [ids].flat()) records.delete('lead', id, options);
		},
	};
}

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
