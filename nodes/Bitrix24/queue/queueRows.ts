import { z } from 'zod';

import { textSchema } from '../event/payload';
import type { OfflineRecord } from '../event/queueItem';
import { offlineRecordSchema } from '../event/queueItem';

/** Records that were handed out together. */
export interface Batch {
	/** Names the reservation; null when the records were handed out for good. */
	processId: string | null;
	/** Whether its records had been moved to failed before. */
	isFailed: boolean;
	/** How many were handed out. */
	size: number;
	records: OfflineRecord[];
	/** Those that are not in the documented form. */
	strange: StrangeRecord[];
}

/** What can be read of a record that is not in the documented form. */
export interface StrangeRecord {
	id: string | null;
	messageId: string | null;
	event: string | null;
}

/** A record that somebody has reserved. */
export interface ReservedRecord {
	id: string;
	processId: string;
	event: string;
	isFailed: boolean;
}

/** A record that was moved to failed. */
export interface ListedFailure {
	id: string;
	messageId: string;
	event: string;
	/** When it was queued or refreshed, as the portal writes it. */
	timestamp: string;
}

const processId = textSchema.nullish();
const presentText = textSchema.pipe(z.string().trim().min(1)).nullable().catch(null);

/** Records that were handed out: row by row, as one in another form must not hold up the others. */
export const batchSchema = z.object({ process_id: processId, events: z.array(z.unknown()) });

const strangeSchema = z.object({ ID: presentText, MESSAGE_ID: presentText, EVENT_NAME: presentText }).catch({
	ID: null,
	MESSAGE_ID: null,
	EVENT_NAME: null,
});

/** A row of the list; null where it is none. */
export const listedSchema = z
	.object({
		ID: presentText,
		MESSAGE_ID: presentText.transform((id) => id ?? ''),
		EVENT_NAME: presentText.transform((code) => code ?? ''),
		TIMESTAMP_X: z.string().catch(''),
		PROCESS_ID: processId.catch(null),
		ERROR: z.coerce.number().catch(0),
	})
	.nullable()
	.catch(null);

/** A row of the list as a whole record; null where it is not in the documented form. */
export const waitingSchema = offlineRecordSchema
	.extend({ PROCESS_ID: processId.catch(null), ERROR: z.coerce.number().catch(0) })
	.nullable()
	.catch(null);

/** A row of the queue's list, as far as it can be read. */
export type ListedRow = NonNullable<z.infer<typeof listedSchema>>;

/** Reads what can be read of a record that is not in the documented form. */
export function toStrange(row: unknown): StrangeRecord {
	const { ID: id, MESSAGE_ID: messageId, EVENT_NAME: event } = strangeSchema.parse(row);
	return { id, messageId, event };
}

/** Those of the rows that were moved to failed, and that nobody has reserved since. */
export function toFailures(rows: readonly ListedRow[]): ListedFailure[] {
	return rows.flatMap(
		({ ID: id, MESSAGE_ID: messageId, EVENT_NAME: event, TIMESTAMP_X: timestamp, PROCESS_ID: by, ERROR: error }) =>
			error === 1 && !by && id !== null && messageId !== ''
				? [{ id, messageId, event: event.toUpperCase(), timestamp }]
				: [],
	);
}
