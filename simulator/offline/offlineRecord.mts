import type { EventData } from '../events/fireEvent.mjs';
import { isoDate } from '../portal/clock.mjs';

/** A change that waits in the portal's queue. */
export interface StoredRecord {
	id: number;
	/** Milliseconds since 1970: when it was queued, or refreshed. */
	at: number;
	appId: number;
	connector: string;
	event: string;
	data: EventData;
	/** Who did it; 0 for a robot. */
	userId: number;
	messageId: string;
	/** Who has reserved it, `''` for nobody. */
	processId: string;
	/** When it was reserved; means nothing while it waits. Milliseconds since 1970. */
	reservedAt: number;
	error: boolean;
}

/** A record as `event.offline.list` shows it, with the queue that it lies in. All numbers are strings, as on the wire. */
export interface OfflineRecord {
	ID: string;
	TIMESTAMP_X: string;
	EVENT_NAME: string;
	EVENT_DATA: EventData | false;
	/** PHP's empty array where nobody did it. */
	EVENT_ADDITIONAL: { user_id: string } | [];
	MESSAGE_ID: string;
	PROCESS_ID: string;
	ERROR: '0' | '1';
	/** `auth_connector` of the queue, `''` for the shared one. */
	connector: string;
}

/** The fields that `event.offline.get` returns. */
export function showReserved(record: StoredRecord): Omit<OfflineRecord, 'PROCESS_ID' | 'ERROR' | 'connector'> {
	return {
		ID: String(record.id),
		TIMESTAMP_X: isoDate(record.at),
		EVENT_NAME: record.event,
		EVENT_DATA: Object.keys(record.data).length > 0 ? record.data : false,
		EVENT_ADDITIONAL: record.userId === 0 ? [] : { user_id: String(record.userId) },
		MESSAGE_ID: record.messageId,
	};
}

/** The fields that `event.offline.list` returns. */
export function showListed(record: StoredRecord): Omit<OfflineRecord, 'connector'> {
	return { ...showReserved(record), PROCESS_ID: record.processId, ERROR: record.error ? '1' : '0' };
}
