import type { ZodType, ZodTypeDef } from 'zod';
import { z } from 'zod';

import { isRecord, textSchema } from '../event/payload';
import { defaults, limits } from './defaults';

/** The part of n8n's contexts that reads the node's form. */
export interface Parameters {
	getNodeParameter(name: string, fallback?: unknown): unknown;
}

// Made once: a form is read for every delivery, and zod takes longer to make a schema than to use it.
const schemas = {
	flag: z.boolean(),
	authentication: z.enum(['oAuth2', 'outgoingWebhook']),
	maxAgeMinutes: z.coerce.number().min(0),
	testWith: z.enum(['sample', 'realEvent']),
	// An expression may give an id as a number, and a list of ids.
	userIds: z.union([textSchema, z.array(textSchema)]),
	names: z.unknown(),
};

/** What the user chose in the trigger's form. */
export interface TriggerSettings {
	authentication: 'oAuth2' | 'outgoingWebhook';
	/** Codes in upper case, of both lists. */
	events: string[];
	simplify: boolean;
	includeUser: boolean;
	/** People whose doings start nothing. */
	ignoreUserIds: ReadonlySet<string>;
	/** Always false for an outgoing webhook, which gives no access to the portal. */
	includeRecord: boolean;
	/** Names of the record's fields to keep; empty for all. */
	recordFields: string[];
	/** 0 for any age, NaN where it is no number: what is no age may not stand for any age, and nothing is young enough then. */
	maxAgeMinutes: number;
	testWith: 'sample' | 'realEvent';
}

/** Reads the form of Bitrix24 Trigger, once. */
export function readTriggerSettings(context: Parameters): TriggerSettings {
	const { parameter, option } = readerOf(context);
	const authentication = parameter('authentication', schemas.authentication);
	return {
		authentication,
		events: readEvents(context),
		simplify: parameter('simplify', schemas.flag),
		includeUser: option('includeUser', schemas.flag),
		ignoreUserIds: toIds(option('ignoreUserIds', schemas.userIds)),
		includeRecord: authentication === 'oAuth2' && option('includeRecord', schemas.flag),
		recordFields: namesOf(option('recordFields', schemas.names)),
		maxAgeMinutes: option('maxAgeMinutes', schemas.maxAgeMinutes, NaN),
		testWith: option('testWith', schemas.testWith),
	};
}

/** What the user chose in the queue trigger's form. */
export interface QueueSettings {
	/** Codes in upper case, of both lists. */
	events: string[];
	simplify: boolean;
	checkEverySeconds: number;
	batchSize: number;
	execution: 'perBatch' | 'perEvent';
	acknowledge: 'afterSuccess' | 'afterFinish' | 'onReceipt';
	maxAttempts: number;
	retryErrors: boolean;
	/** People whose doings are acknowledged without a run. */
	ignoreUserIds: ReadonlySet<string>;
	includeUser: boolean;
	includeRecord: boolean;
	/** Names of the record's fields to keep; empty for all. */
	recordFields: string[];
	whenStopped: 'keepCollecting' | 'unsubscribe';
	queueName: string;
}

/** Reads the form of Bitrix24 Queue Trigger, once. */
export function readQueueSettings(context: Parameters): QueueSettings {
	const { parameter, option } = readerOf(context);
	const within = (value: number, { min, max }: { min: number; max: number }) => Math.min(Math.max(value, min), max);
	return {
		events: readEvents(context),
		simplify: parameter('simplify', schemas.flag),
		checkEverySeconds: within(parameter('checkEvery', z.coerce.number().finite()), limits.checkEvery),
		batchSize: within(Math.trunc(parameter('batchSize', z.coerce.number())), limits.batchSize),
		execution: parameter('execution', z.enum(['perBatch', 'perEvent'])),
		acknowledge: parameter('acknowledge', z.enum(['afterSuccess', 'afterFinish', 'onReceipt'])),
		maxAttempts: option('maxAttempts', z.coerce.number().int().min(limits.maxAttempts.min)),
		retryErrors: option('retryErrors', schemas.flag),
		ignoreUserIds: toIds(option('ignoreUserIds', schemas.userIds)),
		includeUser: option('includeUser', schemas.flag),
		includeRecord: option('includeRecord', schemas.flag),
		recordFields: namesOf(option('recordFields', schemas.names)),
		whenStopped: option('whenStopped', z.enum(['keepCollecting', 'unsubscribe'])),
		queueName: option('queueName', z.string().trim()),
	};
}

/** User 0 is nobody, and so are robots: they cannot be ignored. */
function toIds(given: string | string[]): ReadonlySet<string> {
	const ids = [given].flat().flatMap((text) => text.split(','));
	return new Set(ids.map((id) => id.trim()).filter((id) => id !== '' && id !== '0'));
}

/** The codes of both event lists, in upper case. */
function readEvents(context: Parameters): string[] {
	return ['events', 'otherEvents'].flatMap((name) =>
		namesOf(context.getNodeParameter(name, [])).map((code) => code.toUpperCase()),
	);
}

/** A list, or a text with commas; an expression may give anything else. */
function namesOf(given: unknown): string[] {
	const list: unknown = typeof given === 'string' ? given.split(',') : given;
	if (!Array.isArray(list) || !list.every((name) => typeof name === 'string')) return [];
	return list.map((name) => name.trim()).filter((name) => name !== '');
}

type Defaults = typeof defaults;
type Schema<T> = ZodType<T, ZodTypeDef, unknown>;

/** Reads values of a form: an expression can make them anything, and then the default counts, or `otherwise`. */
function readerOf(context: Parameters) {
	const given = context.getNodeParameter('options', {});
	const options = isRecord(given) ? given : {};
	return {
		parameter: <T, Name extends keyof Defaults>(name: Name, schema: Schema<T | Defaults[Name]>) =>
			parseOr(schema, context.getNodeParameter(name, defaults[name]), defaults[name]),
		option: <T, Name extends keyof Defaults>(
			name: Name,
			schema: Schema<T | Defaults[Name]>,
			otherwise: T | Defaults[Name] = defaults[name],
		) => parseOr(schema, options[name] ?? defaults[name], otherwise),
	};
}

function parseOr<T>(schema: Schema<T>, value: unknown, otherwise: T): T {
	const read = schema.safeParse(value);
	return read.success ? read.data : otherwise;
}
