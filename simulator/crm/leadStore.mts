/** A lead's fields as the portal keeps them; `ID` is always there. */
export interface Lead {
	ID: string;
	[field: string]: unknown;
}

/** The portal's leads. */
export class LeadStore {
	private readonly leads = new Map<string, Lead>();
	private nextId = 1;

	/** Stores a lead under the next id, or under `fields.ID`. */
	add(fields: Record<string, unknown>): Lead {
		const id = fields.ID === undefined ? String(this.nextId) : String(fields.ID);
		this.nextId = Math.max(this.nextId, Number(id)) + 1;
		const lead: Lead = { TITLE: `Lead #${id}`, STATUS_ID: 'NEW', ...fields, ID: id };
		this.leads.set(id, lead);
		return lead;
	}

	get(id: string): Lead | undefined {
		return this.leads.get(id);
	}

	/** Changes fields. False: there is no such lead. */
	update(id: string, fields: Record<string, unknown>): boolean {
		const lead = this.leads.get(id);
		if (lead) Object.assign(lead, fields, { ID: id });
		return lead !== undefined;
	}

	/** False: there is no such lead. */
	delete(id: string): boolean {
		return this.leads.delete(id);
	}

	list(): Lead[] {
		return [...this.leads.values()];
	}
}
