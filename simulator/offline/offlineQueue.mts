import { createHash } from 'node:crypto';
import { type Clock, isoDate } from '../basics.mjs';
import type { EventData } from '../events.mjs';
import { randomToken } from '../basics.mjs';
import { type Actor } from '../portal.mjs';

/** Reservations that nobody confirmed are kept this long (milliseconds). */
const RESERVATION_LIFETIME = 30 * 86_400_000;

/** One queue of many: each app has one for each `auth_connector`. */
export interface QueueKey {
	appId: number;
	connector: string;
}

/**
 * The portal's queue of offline events.
 *
 * Records that wait are kept in the order of their time stamps (a refreshed one moves to the end), so that the usual
 * request for the oldest ones need not look at all the others.
 */
export class OfflineQueue {
	private readonly all = new Map<number, StoredRecord>();
	/** Not reserved, by queue and message: the only records that a further change refreshes. */
	private readonly waiting = new Map<string, Map<string, StoredRecord>>();
	private readonly reserved = new Map<string, Map<number, StoredRecord>>();
	private nextId = 1;

	constructor(
		private readonly clock: Clock,
		private readonly newProcessId: () => string = () => randomToken(32),
	) {}

	/** Stores a change, or refreshes the record of the same object that still waits. Returns the record's id. */
	add({ appId, connector, event, data, by }: QueueKey & { event: string; data: EventData; by: Actor }): string {
		const id = messageId(event, data);
		const queue = this.queue({ appId, connector });
		const known = queue.get(id);
		const change = { at: this.clock.now(), userId: by === 'robot' ? 0 : by };
		const record: StoredRecord = known
			? Object.assign(known, change)
			: {
					id: this.nextId++,
					appId,
					connector,
					event,
					data,
					messageId: id,
					processId: '',
					reservedAt: 0,
					error: false,
					...change,
				};
		this.all.set(record.id, record);
		queue.delete(id);
		queue.set(id, record);
		return String(record.id);
	}

	/** Marks the first records that wait (or, `error`, were put aside) with a new process id, and returns it. */
	reserve(key: QueueKey, error: boolean, selection: Selection): string {
		const processId = this.newProcessId();
		const queue = this.queue(key);
		const process = new Map<number, StoredRecord>();
		for (const record of select(queue.values(), (one) => one.error === error, selection)) {
			queue.delete(record.messageId);
			record.processId = processId;
			record.reservedAt = this.clock.now();
			process.set(record.id, record);
		}
		if (process.size > 0) this.reserved.set(processId, process);
		return processId;
	}

	/** What is still reserved under a process id. */
	process(key: QueueKey, processId: string, error: boolean, selection: Selection): StoredRecord[] {
		this.dropOutdated();
		return select(this.ofProcess(key, processId), (one) => one.error === error, selection);
	}

	/** Deletes reserved records: all of the process, or those that match. */
	clear(key: QueueKey, processId: string, matches: (record: StoredRecord) => boolean = () => true): void {
		for (const record of this.ofProcess(key, processId).filter(matches)) this.drop(record);
	}

	/**
	 * Puts records aside as failed. A record of the same message that waits or is reserved by somebody else goes: one
	 * message is put aside once.
	 */
	fail(key: QueueKey, processId: string, messageIds: string[]): void {
		const wanted = new Set(messageIds);
		const own = this.ofProcess(key, processId).filter((record) => wanted.has(record.messageId) && !record.error);
		for (const record of this.list(key)) {
			if (wanted.has(record.messageId) && !record.error && record.processId !== processId) this.drop(record);
		}
		for (const record of own) {
			this.release(record);
			record.processId = '';
			record.error = true;
			this.queue(key).set(record.messageId, record);
		}
	}

	/** All records of a queue, the oldest id first. */
	list(key: QueueKey): StoredRecord[] {
		this.dropOutdated();
		return [...this.all.values()].filter((record) => belongs(record, key));
	}

	/** Everything in the queue, of every app, or what lies in one connector's queue: for assertions. */
	records(connector?: string): OfflineRecord[] {
		return [...this.all.values()]
			.filter((record) => connector === undefined || record.connector === connector)
			.map((record) => ({ ...showListed(record), connector: record.connector }));
	}

	private queue({ appId, connector }: QueueKey): Map<string, StoredRecord> {
		const name = `${appId}|${connector}`;
		const found = this.waiting.get(name) ?? new Map<string, StoredRecord>();
		this.waiting.set(name, found);
		return found;
	}

	private ofProcess(key: QueueKey, processId: string): StoredRecord[] {
		return [...(this.reserved.get(processId)?.values() ?? [])].filter((record) => belongs(record, key));
	}

	private drop(record: StoredRecord): void {
		this.all.delete(record.id);
		if (record.processId === '') this.queue(record).delete(record.messageId);
		else this.release(record);
	}

	private release({ processId, id }: StoredRecord): void {
		const process = this.reserved.get(processId);
		process?.delete(id);
		if (process?.size === 0) this.reserved.delete(processId);
	}

	private dropOutdated(): void {
		const limit = this.clock.now() - RESERVATION_LIFETIME;
		for (const process of this.reserved.values()) {
			for (const record of process.values()) if (record.reservedAt < limit) this.drop(record);
		}
	}
}

function belongs(record: StoredRecord, { appId, connector }: QueueKey): boolean {
	return record.appId === appId && record.connector === connector;
}

/** Which records of a queue, in which order, and how many at most. */
export interface Selection {
	matches(record: StoredRecord): boolean;
	/** Undefined: in the order of the time stamps, in which the queue is kept anyway. */
	compare?: (a: StoredRecord, b: StoredRecord) => number;
	limit: number;
}

/** The first `limit` records that match. Without an order of its own, it stops looking once it has them. */
function select(
	records: Iterable<StoredRecord>,
	eligible: (record: StoredRecord) => boolean,
	{ matches, compare, limit }: Selection,
): StoredRecord[] {
	const found: StoredRecord[] = [];
	for (const record of records) {
		if (!eligible(record) || !matches(record)) continue;
		found.push(record);
		if (!compare && found.length === limit) return found;
	}
	return compare ? found.sort(compare).slice(0, limit) : found;
}

/** `MESSAGE_ID`: 32 hexadecimal characters made of event and data, so the same for every change of the same object. */
function messageId(event: string, data: EventData): string {
	return createHash('md5')
		.update(`${event}|${JSON.stringify(data)}`)
		.digest('hex');
}

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

export function showListed(record: StoredRecord): Omit<OfflineRecord, 'connector'> {
	return { ...showReserved(record), PROCESS_ID: record.processId, ERROR: record.error ? '1' : '0' };
}
