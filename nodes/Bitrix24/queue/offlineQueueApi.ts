import { z } from 'zod';

import type { Client, Parameters } from '../api/client';
import { ActionableError } from '../api/errors';
import { textSchema } from '../event/payload';
import type { OfflineRecord } from '../event/queueItem';
import { offlineRecordSchema } from '../event/queueItem';

/** Records that were handed out together. */
export interface Batch {
	/** Names the reservation; null when the records were handed out for good. */
	processId: string | null;
	records: OfflineRecord[];
}

/** A record that somebody has reserved. */
export interface ReservedRecord {
	id: string;
	processId: string;
	event: string;
	isFailed: boolean;
}

/** Which records to hand out. */
interface Selection {
	limit: number;
	/** Only those of this event; null for all. */
	event: string | null;
	/** Those that were moved to failed, instead of those that wait. */
	failed?: boolean;
}

/** Which records of a reservation to hand out again. */
interface ReservedSelection {
	limit: number;
	/** Whether its records had been moved to failed before. */
	failed: boolean;
	/** Only those behind this record's id. */
	afterId: string;
}

/** One queue of the portal's. Every method throws an ActionableError when the portal refuses or does not answer. */
export interface OfflineQueue {
	/** Reserves records that wait: nobody else is handed them, and they stay until they are acknowledged. */
	reserve(selection: Selection): Promise<Batch>;
	/** Hands out records for good. */
	receiveAndDelete(selection: Selection): Promise<Batch>;
	/** Hands out again what is still reserved under a process id, in the order in which it was queued. */
	fetchReserved(processId: string, selection: ReservedSelection): Promise<Batch>;
	/**
	 * A page of the reserved records behind a record's id, in the order in which they were queued.
	 *
	 * @returns `lastId`: where the next page begins; null when this was the last one
	 */
	listReserved(afterId: string): Promise<{ records: ReservedRecord[]; lastId: string | null }>;
	/** Up to 50 records that wait, in the order in which they were queued. Changes nothing. */
	peek(): Promise<OfflineRecord[]>;
	/** Acknowledges exactly these records: the portal deletes them. */
	acknowledge(processId: string, ids: string[]): Promise<void>;
	/** Moves exactly these records to failed, where they lie until somebody asks for them. */
	moveToFailed(processId: string, messageIds: string[]): Promise<void>;
}

const processId = textSchema.nullish();

const batchSchema = z.object({
	process_id: processId,
	events: z.array(offlineRecordSchema),
});

const listedSchema = offlineRecordSchema.extend({
	PROCESS_ID: processId.catch(null),
	ERROR: z.coerce.number().catch(0),
});

// Both are documented to answer `true`; what is no truth value at all does not come from them.
const settledSchema = z.boolean();

/**
 * Opens a queue.
 *
 * @param client for reading
 * @param ackClient for acks, which go out even when the node closes meanwhile
 * @param connector the queue's name, null for the one that everything without a name shares
 */
export function openQueue(client: Client, ackClient: Client, connector: string | null): OfflineQueue {
	const named = (parameters: Parameters): Parameters =>
		connector === null ? parameters : { ...parameters, auth_connector: connector };

	async function get(from: Client, parameters: Parameters): Promise<Batch> {
		const { process_id: name, events } = await from.call('event.offline.get', named(parameters), batchSchema);
		return { processId: name ?? null, records: events };
	}

	const selecting = ({ limit, event, failed = false }: Selection): Parameters => ({
		limit,
		error: failed ? 1 : 0,
		...(event === null ? {} : { filter: { '=EVENT_NAME': event } }),
	});

	async function list(filter: Parameters): Promise<Array<z.infer<typeof listedSchema>>> {
		return await client.call('event.offline.list', named({ filter, order: { ID: 'ASC' } }), z.array(listedSchema));
	}

	return {
		reserve: async (selection) => await get(client, { ...selecting(selection), clear: 0 }),
		// Not broken off when the node closes: what has been handed out for good has to arrive.
		receiveAndDelete: async (selection) => ({
			...(await get(ackClient, { ...selecting(selection), clear: 1 })),
			processId: null,
		}),
		async fetchReserved(processId, { limit, failed, afterId }) {
			const parameters = { limit, error: failed ? 1 : 0, filter: { '>ID': afterId }, order: { ID: 'ASC' } };
			return { ...(await get(client, { ...parameters, clear: 0, process_id: processId })), processId };
		},
		async listReserved(afterId) {
			// Some portals know no negation in a filter; a process id is greater than an empty one as well.
			const rows = await list({ '!PROCESS_ID': '', '>ID': afterId }).catch(async (error: unknown) => {
				if (!(error instanceof ActionableError) || error.failure?.status !== 400) throw error;
				return await list({ '>PROCESS_ID': '', '>ID': afterId });
			});
			const records = rows.flatMap(({ ID: id, PROCESS_ID: processId, EVENT_NAME: event, ERROR: error }) =>
				processId ? [{ id, processId, event: event.toUpperCase(), isFailed: error === 1 }] : [],
			);
			return { records, lastId: rows.at(-1)?.ID ?? null };
		},
		async peek() {
			const rows = await list({ '=PROCESS_ID': '', '=ERROR': 0 });
			return rows.filter(({ PROCESS_ID: processId, ERROR: error }) => !processId && error === 0);
		},
		async acknowledge(processId, ids) {
			if (ids.length === 0) return;
			await ackClient.call('event.offline.clear', named({ process_id: processId, id: ids }), settledSchema);
		},
		async moveToFailed(processId, messageIds) {
			if (messageIds.length === 0) return;
			const parameters = named({ process_id: processId, message_id: messageIds });
			await ackClient.call('event.offline.error', parameters, settledSchema);
		},
	};
}
