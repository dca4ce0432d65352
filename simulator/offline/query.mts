import type { StoredRecord } from './offlineQueue.mjs';
import { RestError } from '../rest/call.mjs';

/** A field that a filter or an order can name. Numbers compare as numbers, the rest as text. */
type Field = (record: StoredRecord) => number | string;

export const GET_FIELDS: Readonly<Record<string, Field>> = {
	ID: (record) => record.id,
	TIMESTAMP_X: (record) => Math.floor(record.at / 1000),
	EVENT_NAME: (record) => record.event,
	MESSAGE_ID: (record) => record.messageId,
};

export const LIST_FIELDS: Readonly<Record<string, Field>> = {
	...GET_FIELDS,
	PROCESS_ID: (record) => record.processId,
	ERROR: (record) => (record.error ? 1 : 0),
};

/** A value of a filter in the form in which its field compares; times come as ISO 8601. */
function operand(name: string, value: unknown): number | string {
	if (name === 'TIMESTAMP_X') return Math.floor(Date.parse(String(value)) / 1000);
	return name === 'ID' || name === 'ERROR' ? Number(value) : String(value);
}

function compareValues(a: number | string, b: number | string): number {
	return a < b ? -1 : Number(a > b);
}

type Test = (value: number | string, wanted: number | string) => boolean;

const equal: Test = (value, wanted) => compareValues(value, wanted) === 0;
const contains: Test = (value, wanted) => String(value).toLowerCase().includes(String(wanted).toLowerCase());

const OPERATIONS: Readonly<Record<string, Test>> = {
	'': equal,
	'=': equal,
	'@': equal,
	'%': contains,
	'>': (value, wanted) => compareValues(value, wanted) > 0,
	'<': (value, wanted) => compareValues(value, wanted) < 0,
	'>=': (value, wanted) => compareValues(value, wanted) >= 0,
	'<=': (value, wanted) => compareValues(value, wanted) <= 0,
};

/** What a filter may say, which differs between `event.offline.get` and `event.offline.list`. */
interface FilterRules {
	fields: Readonly<Record<string, Field>>;
	/** Whether a value may be a list, of which any may match. */
	lists: boolean;
	/** Whether `!` in front of an operation turns it round. */
	negation: boolean;
}

/**
 * Turns a filter such as `{"=EVENT_NAME": "ONCRMLEADDELETE", ">ID": 7}` into a test.
 * @throws RestError 400 `ERROR_ARGUMENT` for an unknown field or operation, or a list where none is allowed
 */
export function readFilter(filter: Record<string, unknown>, rules: FilterRules): (record: StoredRecord) => boolean {
	const tests = Object.entries(filter).map(([key, value]) => readCondition(key.toUpperCase(), value, rules));
	return (record) => tests.every((test) => test(record));
}

function readCondition(key: string, value: unknown, rules: FilterRules): (record: StoredRecord) => boolean {
	const [, operation = '', name = ''] = /^([^A-Z]*)(.*)$/.exec(key) ?? [];
	const negated = rules.negation && operation.startsWith('!');
	const test = OPERATIONS[negated ? operation.slice(1) : operation];
	const field = rules.fields[name];
	if (!test) throw RestError.argument(`Filter operation not allowed: ${operation}`);
	if (!field) throw RestError.argument(`Filter field not allowed: ${name}`);
	if (typeof value === 'object' && !rules.lists) {
		throw RestError.argument(`The value of an argument '${key}' has an invalid type`);
	}
	const wanted = (typeof value === 'object' ? Object.values(value ?? {}) : [value]).map((one) => operand(name, one));
	return (record) => wanted.some((one) => test(field(record), one)) !== negated;
}

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
