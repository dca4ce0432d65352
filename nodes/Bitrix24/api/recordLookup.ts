import { z } from 'zod';

import type { Json } from '../event/payload';
import { jsonSchema, textSchema } from '../event/payload';
import type { RecordKind } from '../event/record';
import type { Client, Parameters } from './client';
import { lookupMeaning } from './errors';
import type { ApiFailure } from './response';
import { unreadableAnswer } from './response';

/** What can be looked up by ids: records, and the portal's staff. */
export type LookupKind = RecordKind | 'user';

/** A record as REST returns it. */
export type PortalRecord = { [field: string]: Json };

/** What came of a look-up of several records. */
export type LookupResult =
	/** By id; one that is not there is gone, or may not be read. */
	| { status: 'answered'; records: ReadonlyMap<string, PortalRecord> }
	/** None of them can be read. */
	| { status: 'none' }
	/** None of them can be read, for a reason that somebody should know. */
	| { status: 'refused'; failure: ApiFailure }
	/** Nothing is known yet. */
	| { status: 'unanswered'; failure: ApiFailure };

/** Records in a page of every list method. */
export const pageSize = 50;

// Where each method has its rows, and how it takes ids and orders by them (Bitrix24 documentation: crm.item.list,
// tasks.task.list, user.get). A `select` would leave out the telephone numbers of CRM's records.
const tasks = { method: 'tasks.task.list', parameters: { select: ['*', 'UF_*'] } };
const rowsSchema = z.array(z.record(z.string(), jsonSchema));
const resultSchema = z.union([
	rowsSchema,
	z.object({ items: rowsSchema }).transform(({ items }) => items),
	z.object({ tasks: rowsSchema }).transform((result) => result.tasks),
]);

function requestFor(kind: LookupKind, ids: readonly string[]): { method: string; parameters: Parameters } {
	if (kind === 'user') return { method: 'user.get', parameters: { FILTER: { ID: ids } } };
	if (kind === 'task') return { ...tasks, parameters: { ...tasks.parameters, filter: { ID: ids } } };
	return { method: 'crm.item.list', parameters: { entityTypeId: kind, filter: { '@id': ids } } };
}

/**
 * Looks records of one kind up.
 *
 * @param ids digits, a page of them at most
 */
export async function lookUp(client: Client, kind: LookupKind, ids: readonly string[]): Promise<LookupResult> {
	const { method, parameters } = requestFor(kind, ids);
	const result = await client.tryCall(method, parameters);
	if (!result.ok) {
		const { failure } = result;
		const meaning = lookupMeaning(failure);
		return meaning === 'none' ? { status: 'none' } : { status: meaning, failure };
	}
	const rows = resultSchema.safeParse(result.result);
	if (!rows.success) return { status: 'unanswered', failure: unreadableAnswer(method) };
	return { status: 'answered', records: new Map(rows.data.map((row) => [idOf(row), row])) };
}

/**
 * The id of the newest record of a kind.
 *
 * @returns null where there is none, or it cannot be read
 */
export async function newestId(client: Client, kind: RecordKind): Promise<string | null> {
	const { method, parameters } =
		kind === 'task'
			? { method: tasks.method, parameters: { select: ['ID'], order: { ID: 'desc' } } }
			: { method: 'crm.item.list', parameters: { entityTypeId: kind, select: ['id'], order: { id: 'DESC' } } };
	const result = await client.tryCall(method, parameters);
	const rows = resultSchema.safeParse(result.ok ? result.result : null);
	const [newest] = rows.success ? rows.data : [];
	return newest === undefined ? null : idOf(newest) || null;
}

/** A person's name as REST has it (`profile`, `user.get`); null where it has none. */
export function personName({
	NAME: name,
	LAST_NAME: lastName,
}: {
	NAME?: unknown;
	LAST_NAME?: unknown;
}): string | null {
	const parts = [name, lastName].flatMap((part) => (typeof part === 'string' && part.trim() !== '' ? part.trim() : []));
	return parts.length === 0 ? null : parts.join(' ');
}

function idOf({ id, ID }: PortalRecord): string {
	const read = textSchema.safeParse(id ?? ID);
	return read.success ? read.data : '';
}
