/** A record's fields as the portal keeps them; `ID` is always there. */
export interface PortalRecord {
	ID: string;
	[field: string]: unknown;
}

/** The portal's records of one kind. */
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
