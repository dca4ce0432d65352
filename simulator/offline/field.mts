import type { StoredRecord } from './offlineRecord.mjs';

/** A field that a filter or an order can name. Numbers compare as numbers, the rest as text. */
export type Field = (record: StoredRecord) => number | string;

/** The fields that `event.offline.get` knows. */
export const GET_FIELDS: Readonly<Record<string, Field>> = {
	ID: (record) => record.id,
	TIMESTAMP_X: (record) => Math.floor(record.at / 1000),
	EVENT_NAME: (record) => record.event,
	MESSAGE_ID: (record) => record.messageId,
};

/** The fields that `event.offline.list` knows. */
export const LIST_FIELDS: Readonly<Record<string, Field>> = {
	...GET_FIELDS,
	PROCESS_ID: (record) => record.processId,
	ERROR: (record) => (record.error ? 1 : 0),
};

/** A value of a filter in the form in which its field compares; times come as ISO 8601. */
export function operand(name: string, value: unknown): number | string {
	if (name === 'TIMESTAMP_X') return Math.floor(Date.parse(String(value)) / 1000);
	return name === 'ID' || name === 'ERROR' ? Number(value) : String(value);
}

/** Orders two values of one field. */
export function compareValues(a: number | string, b: number | string): number {
	return a < b ? -1 : Number(a > b);
}
