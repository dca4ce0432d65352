import type { IDataObject } from 'n8n-workflow';

import type { OfflineRecord } from '../../nodes/Bitrix24/event/queueItem.js';
import { queuedLead } from './queuedRecord.mjs';

/** A record as `event.offline.list` shows it, with the queue that it lies in. */
export type QueuedRow = OfflineRecord & { PROCESS_ID: string; ERROR: '0' | '1'; connector: string };

/** The portal's queues of offline events, and what `event.offline.*` does with them. */
export interface PortalQueue {
	/** What lies in them, in the order in which it was queued. */
	rows: QueuedRow[];
	/** Something happens to leads. Returns the ids of the records. */
	add(leads: readonly number[], options?: { event?: string; connector?: string }): string[];
	/** `event.offline.get` */
	get(parameters: IDataObject): { process_id: string; events: OfflineRecord[] };
	/** `event.offline.list` */
	list(parameters: IDataObject): Array<Omit<QueuedRow, 'connector'>>;
	/** `event.offline.clear` */
	clear(parameters: IDataObject): boolean;
	/** `event.offline.error` */
	putAside(parameters: IDataObject): boolean;
}

/** Makes an empty queue (Bitrix24 documentation: event.offline.*). */
export function portalQueue(): PortalQueue {
	const rows: QueuedRow[] = [];
	let records = 0;
	let reservations = 0;

	/** What a call is about: rows of its queue and, where it names one, of its reservation. */
	function ofCall({ auth_connector: connector = '', process_id: processId }: IDataObject): QueuedRow[] {
		return rows.filter(
			(row) => row.connector === connector && (processId === undefined || row.PROCESS_ID === processId),
		);
	}

	function remove(gone: readonly QueuedRow[]): void {
		rows.splice(0, rows.length, ...rows.filter((row) => !gone.includes(row)));
	}

	return {
		rows,
		add: (leads, { event = 'ONCRMLEADDELETE', connector = '' } = {}) =>
			leads.map((lead) => {
				const known = `${event}-${lead}`;
				// The same object, changed again while its record waits, refreshes the record.
				const waiting = rows.find(
					(row) => row.MESSAGE_ID === known && row.connector === connector && row.PROCESS_ID === '',
				);
				const ID = waiting?.ID ?? String(++records);
				if (waiting) remove([waiting]);
				const data = { EVENT_NAME: event, EVENT_DATA: { FIELDS: { ID: lead } }, MESSAGE_ID: known };
				rows.push({ ...queuedLead, ...data, ID, PROCESS_ID: '', ERROR: waiting?.ERROR ?? '0', connector });
				return ID;
			}),
		get(parameters) {
			const { limit, clear, process_id: processId, error = 0 } = parameters;
			const filter = filterOf(parameters);
			const found = ofCall({ process_id: '', ...parameters })
				.filter((row) => filter(row) && Number(row.ERROR) === error)
				.sort(parameters.order ? byId : () => 0)
				.slice(0, Number(limit));
			const named = typeof processId === 'string' ? processId : `process-${++reservations}`;
			if (clear === 0) for (const row of found) row.PROCESS_ID = named;
			else remove(found);
			return { process_id: named, events: found.map(asRecord) };
		},
		list(parameters) {
			return ofCall({ auth_connector: parameters.auth_connector })
				.filter(filterOf(parameters))
				.sort(byId)
				.slice(0, 50)
				.map((row) => ({ ...asRecord(row), PROCESS_ID: row.PROCESS_ID, ERROR: row.ERROR }));
		},
		clear(parameters) {
			const ids = parameters.id;
			remove(ofCall(parameters).filter(({ ID }) => Array.isArray(ids) && ids.includes(ID as never)));
			return true;
		},
		putAside(parameters) {
			const named = parameters.message_id;
			const isMeant = ({ MESSAGE_ID: id, ERROR: error }: QueuedRow) =>
				error === '0' && Array.isArray(named) && named.includes(id as never);
			const failed = ofCall(parameters).filter(isMeant);
			// One message is put aside once: other records of it that wait, or that somebody has reserved, go.
			remove(
				ofCall({ auth_connector: parameters.auth_connector }).filter((row) => isMeant(row) && !failed.includes(row)),
			);
			for (const row of failed) Object.assign(row, { PROCESS_ID: '', ERROR: '1' });
			return true;
		},
	};
}

const byId = (a: QueuedRow, b: QueuedRow) => Number(a.ID) - Number(b.ID);

function asRecord(row: QueuedRow): OfflineRecord {
	const { ID, TIMESTAMP_X, EVENT_NAME, EVENT_DATA, EVENT_ADDITIONAL, MESSAGE_ID } = row;
	return { ID, TIMESTAMP_X, EVENT_NAME, EVENT_DATA, EVENT_ADDITIONAL, MESSAGE_ID };
}

/** The filters that are used. Throws for another one, since the portal refuses what it does not know. */
function filterOf({ filter = {} }: IDataObject): (row: QueuedRow) => boolean {
	const conditions = Object.entries(filter as IDataObject).map(([key, wanted]) => {
		const [, operation = '', name = ''] = /^([^A-Z]+)([A-Z_]+)$/.exec(key) ?? [];
		const valueOf = fields[name];
		const test = operations[operation];
		if (!valueOf || !test) throw new Error(`Unknown filter ${key}`);
		return (row: QueuedRow) => test(valueOf(row), typeof valueOf(row) === 'number' ? Number(wanted) : String(wanted));
	});
	return (row) => conditions.every((holds) => holds(row));
}

const fields: { [name: string]: ((row: QueuedRow) => number | string) | undefined } = {
	ID: ({ ID }) => Number(ID),
	ERROR: ({ ERROR }) => Number(ERROR),
	EVENT_NAME: ({ EVENT_NAME }) => EVENT_NAME,
	PROCESS_ID: ({ PROCESS_ID }) => PROCESS_ID,
};

type Comparison = (value: number | string, wanted: number | string) => boolean;
const operations: { [sign: string]: Comparison | undefined } = {
	'=': (value, wanted) => value === wanted,
	'!': (value, wanted) => value !== wanted,
	'>': (value, wanted) => value > wanted,
};
