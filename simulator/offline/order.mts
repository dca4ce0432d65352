import { RestError } from '../rest/restError.mjs';
import { compareValues, type Field } from './field.mjs';
import type { StoredRecord } from './offlineRecord.mjs';

type Compare = (a: StoredRecord, b: StoredRecord) => number;

/**
 * Turns an order such as `{"ID": "DESC"}` into a comparison; undefined when there is none.
 * @throws RestError 400 `ERROR_ARGUMENT` for an unknown field or direction
 */
export function readOrder(
	order: Record<string, unknown>,
	fields: Readonly<Record<string, Field>>,
): Compare | undefined {
	const parts = Object.entries(order).map(([name, direction]) => readPart(name.toUpperCase(), direction, fields));
	if (parts.length === 0) return undefined;
	return (a, b) => parts.reduce((result, compare) => result || compare(a, b), 0) || a.id - b.id;
}

function readPart(name: string, direction: unknown, fields: Readonly<Record<string, Field>>): Compare {
	const field = fields[name];
	if (!field) throw RestError.argument(`Order field not allowed: ${name}`);
	const sign = { ASC: 1, DESC: -1 }[String(direction).toUpperCase()];
	if (sign === undefined) throw RestError.argument('Order direction should be one of {ASC|DESC}');
	return (a, b) => sign * compareValues(field(a), field(b));
}
