import { z } from 'zod';

import type { Client, Parameters } from '../api/client';
import { isBadRequest, mayHaveHappened } from '../api/retry';
import type { OfflineRecord } from '../event/queueItem';
import { offlineRecordSchema } from '../event/queueItem';
import type { FailedRecord } from '../n8n/processState';
import type { Batch, ListedFailure, ListedRow, ReservedRecord } from './queueRows';
import { batchSchema, listedSchema, toFailures, toStrange, waitingSchema } from './queueRows';

/** Which records to hand out. */
interface Selection {
	limit: number;
	/** Only those of this event; null for all. */
	event: string | null;
	/** Those that were moved to failed, instead of those that wait. */
	failed?: boolean;
	/** Only that of this message. */
	messageId?: string;
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
	/**
	 * Whether the answer to a reservation got lost, which a repeated call hides: its records are reserved, and nobody knows
	 * under which name.
	 */
	hasLostAnswer: boolean;
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
	/** The first 50 records at least that wait of these events. Changes nothing. */
	peek(codes: readonly string[]): Promise<OfflineRecord[]>;
	/** Up to 50 records that were moved to failed, those that changed last first, behind so many others. */
	listFailed(start: number): Promise<ListedFailure[]>;
	/** Those of these messages that were moved to failed. */
	findFailed(messageIds: readonly string[]): Promise<ListedFailure[]>;
	/** The ids of those records that have a newer one of the same object in the queue. */
	findSuperseded(records: readonly FailedRecord[]): Promise<Set<string>>;
	/** Acknowledges exactly these records: the portal deletes them. */
	acknowledge(processId: string, ids: string[]): Promise<void>;
	/** Moves exactly these records to failed, where they lie until somebody asks for them. */
	moveToFailed(processId: string, messageIds: string[]): Promise<void>;
}

// Both are documented to answer `true`; what is no truth value at all does not come from them.
const settledSchema = z.boolean();

// A page of 50 holds all that the queue has of so many messages, as long as each of them is reserved no more than once.
const messagesAPage = 25;

/**
 * Opens a queue.
 *
 * @param client for reading
 * @param ackClient for acks, which go out even when the node closes meanwhile
 * @param connector the queue's name, null for the one that everything without a name shares
 * @param reserveOnce for the first attempt at a reservation: it must not hide that its answer got lost
 */
export function openQueue(
	client: Client,
	ackClient: Client,
	connector: string | null,
	reserveOnce: Client = client,
): OfflineQueue {
	const named = (parameters: Parameters): Parameters =>
		connector === null ? parameters : { ...parameters, auth_connector: connector };

	async function get(from: Client, parameters: Parameters): Promise<Batch> {
		const { process_id: name, events } = await from.call('event.offline.get', named(parameters), batchSchema);
		const rows = events.map((row) => ({ row, read: offlineRecordSchema.safeParse(row) }));
		return {
			processId: name ?? null,
			isFailed: parameters.error === 1,
			size: events.length,
			records: rows.flatMap(({ read }) => (read.success ? [read.data] : [])),
			strange: rows.flatMap(({ row, read }) => (read.success ? [] : [toStrange(row)])),
		};
	}

	const selecting = ({ limit, event, failed = false, messageId }: Selection): Parameters => {
		const filter = {
			...(event === null ? {} : { '=EVENT_NAME': event }),
			...(messageId === undefined ? {} : { '=MESSAGE_ID': messageId }),
		};
		return { limit, error: failed ? 1 : 0, ...(Object.keys(filter).length === 0 ? {} : { filter }) };
	};

	async function rows(filter: Parameters, more: Parameters = {}, from = client): Promise<ListedRow[]> {
		const parameters = named({ filter, order: { ID: 'ASC' }, ...more });
		const found = await from.call('event.offline.list', parameters, z.array(listedSchema));
		return found.filter((row) => row !== null);
	}

	/** Rows of these messages, the newest first. */
	async function rowsOf(messageIds: readonly string[], filter: Parameters, from = client): Promise<ListedRow[]> {
		const found: ListedRow[] = [];
		const newestFirst = { order: { ID: 'DESC' } };
		for (let at = 0; at < messageIds.length; at += messagesAPage) {
			const some = messageIds.slice(at, at + messagesAPage);
			const ask = async (ids: OneOrMany) => await rows({ ...filter, '=MESSAGE_ID': ids }, newestFirst, from);
			found.push(...(await askFor(some, ask)));
		}
		return found;
	}

	const failedFilter = { '=ERROR': 1, '=PROCESS_ID': '' };

	const queue: OfflineQueue = {
		hasLostAnswer: false,
		async reserve(selection) {
			const parameters = { ...selecting(selection), clear: 0 };
			if (reserveOnce === client) return await get(client, parameters);
			return await get(reserveOnce, parameters).catch(async (error: unknown) => {
				if (!mayHaveHappened(error)) throw error;
				queue.hasLostAnswer = true;
				return await get(client, parameters);
			});
		},
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
			const found = await rows({ '!PROCESS_ID': '', '>ID': afterId }).catch(async (error: unknown) => {
				if (!isBadRequest(error)) throw error;
				return await rows({ '>PROCESS_ID': '', '>ID': afterId });
			});
			const records = found.flatMap(({ ID: id, PROCESS_ID: processId, EVENT_NAME: event, ERROR: error }) =>
				processId && id !== null ? [{ id, processId, event: event.toUpperCase(), isFailed: error === 1 }] : [],
			);
			return { records, lastId: found.findLast(({ ID }) => ID !== null)?.ID ?? null };
		},
		async peek(codes) {
			const found = await askFor(codes, async (code) => {
				const filter = { '=PROCESS_ID': '', '=ERROR': 0, '=EVENT_NAME': code };
				return await client.call('event.offline.list', named({ filter, order: { ID: 'ASC' } }), z.array(waitingSchema));
			});
			return found.flatMap((row) => (row !== null && !row.PROCESS_ID && row.ERROR === 0 ? [row] : []));
		},
		listFailed: async (start) => toFailures(await rows(failedFilter, { order: { TIMESTAMP_X: 'DESC' }, start })),
		findFailed: async (messageIds) => toFailures(await rowsOf(messageIds, failedFilter)),
		async findSuperseded(records) {
			const messageIds = records.map(({ messageId }) => messageId);
			const found = await rowsOf(messageIds, { '=ERROR': 0 }, ackClient);
			const isNewer = (row: ListedRow, { id, messageId }: FailedRecord) =>
				row.ERROR === 0 && row.MESSAGE_ID === messageId && Number(row.ID) > Number(id);
			const superseded = records.filter((record) => found.some((row) => isNewer(row, record)));
			return new Set(superseded.map(({ id }) => id));
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
	return queue;
}

type OneOrMany = string | readonly string[];

/** Asks for what a filter names: for all of them at once, or one after the other where the portal takes no list. */
async function askFor<T>(names: readonly string[], ask: (names: OneOrMany) => Promise<T[]>): Promise<T[]> {
	return await ask(names).catch(async (error: unknown) => {
		if (!isBadRequest(error)) throw error;
		const each: T[] = [];
		for (const name of names) each.push(...(await ask(name)));
		return each;
	});
}
