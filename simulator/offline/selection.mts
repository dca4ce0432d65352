import type { StoredRecord } from './offlineRecord.mjs';

/** Which records of a queue, in which order, and how many at most. */
export interface Selection {
	matches(record: StoredRecord): boolean;
	/** Undefined: in the order of the time stamps, in which the queue is kept anyway. */
	compare?: (a: StoredRecord, b: StoredRecord) => number;
	limit: number;
}

/** The first `limit` records that match. Without an order of its own, it stops looking once it has them. */
export function select(
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
