import { RestError } from '../rest/restError.mjs';
import { compareValues, type Field, operand } from './field.mjs';
import type { StoredRecord } from './offlineRecord.mjs';

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
export interface FilterRules {
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
