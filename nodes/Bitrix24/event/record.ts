import { canonicalCode, describeCode } from './codes';
import { findEntity } from './itemFields';
import { parseJson } from './jsonBody';
import type { Json, PayloadValue } from './payload';
import { isPayloadObject } from './payload';
import { redactLinks } from './redact';

/** A kind of record that REST can be asked for: CRM's by their `entityTypeId`, or tasks. */
export type RecordKind = number | 'task';

/** One record of the portal. */
export interface RecordRef {
	kind: RecordKind;
	/** Digits. */
	id: string;
}

// By the entities of event codes. Smart processes have an id for each type, and smart invoices (31) are one of them here.
const entityTypeIds = new Map([
	['lead', 1],
	['deal', 2],
	['contact', 3],
	['company', 4],
	['quote', 7],
]);

const smartProcess = 'dynamicItem';
const typeIdPattern = /^[1-9]\d{0,8}$/;
const idPattern = /^[1-9]\d{0,14}$/;

/**
 * The permission that an app needs to read the records of an event.
 *
 * @param code in any case
 * @returns null for an event that has no record: a deletion, and everything that is neither a record of CRM nor a task
 */
export function recordScope(code: string): 'crm' | 'task' | null {
	const entity = recordEntity(code);
	return entity === null || entity === 'task' ? entity : 'crm';
}

function recordEntity(code: string): string | null {
	const { entity, action } = describeCode(code);
	if (entity === null || action === 'delete') return null;
	return entity === 'task' || entity === smartProcess || entityTypeIds.has(entity) ? entity : null;
}

/**
 * Which record an event is about.
 *
 * @param code in any case
 * @param data the payload's `data`
 * @returns null for an event that has no record, or names none
 */
export function recordRef(code: string, data: PayloadValue | undefined): RecordRef | null {
	const kind = recordKind(code, data);
	const { id } = findEntity(data);
	return kind === null || id === null || !idPattern.test(id) ? null : { kind, id };
}

function recordKind(code: string, data: PayloadValue | undefined): RecordKind | null {
	const entity = recordEntity(code);
	if (entity === null || entity === 'task') return entity;
	const fields = isPayloadObject(data) ? data.FIELDS : undefined;
	const sent = isPayloadObject(fields) ? fields.ENTITY_TYPE_ID : undefined;
	if (typeof sent === 'string' && typeIdPattern.test(sent)) return Number(sent);
	// A portal also has each event of smart processes once for every type: ONCRMDYNAMICITEMADD_1220.
	const suffix = /_(\d{1,9})$/.exec(canonicalCode(code))?.[1];
	return entityTypeIds.get(entity) ?? (suffix === undefined ? null : Number(suffix));
}

/**
 * A record as items hold it: only the fields that were asked for, and no access token in a link.
 *
 * @param fields names as REST has them, in any case; empty for all
 */
export function shapeRecord(record: { [field: string]: Json }, fields: readonly string[]): { [field: string]: Json } {
	const wanted = new Set(fields.map((name) => name.toLowerCase()));
	const kept = Object.entries(record).filter(([name]) => wanted.size === 0 || wanted.has(name.toLowerCase()));
	return Object.fromEntries(kept.map(([name, value]) => [name, redactLinks(value)]));
}

/** Which record an item is about, simplified or not. */
export function itemRecordRef({ event, id, data }: { [key: string]: unknown }): RecordRef | null {
	const named = data === undefined ? { FIELDS: { ID: id } } : data;
	return typeof event === 'string' ? recordRef(event, parseJson({ named })?.named) : null;
}

/** A payload's `data` about another record. */
export function withRecordId(data: PayloadValue, from: string, to: string): PayloadValue {
	if (!isPayloadObject(data)) return data;
	const about = Object.entries(data).map(([key, value]) => [
		key,
		key === 'ID' && value === from ? to : withRecordId(value, from, to),
	]);
	return Object.fromEntries(about);
}
