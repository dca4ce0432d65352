import type { ZodType, ZodTypeDef } from 'zod';
import { z } from 'zod';

import { isRecord } from '../event/payload';

/** The part of n8n's contexts that reads the node's form. */
export interface Parameters {
	getNodeParameter(name: string, fallback?: unknown): unknown;
}

// Made once: a form is read for every delivery.
const authentication = z.enum(['oAuth2', 'outgoingWebhook']);
const flag = z.boolean();
const age = z.coerce.number().min(0);
const testWith = z.enum(['sample', 'realEvent']);

/** What the user chose in the trigger's form. */
export interface TriggerSettings {
	authentication: 'oAuth2' | 'outgoingWebhook';
	/** Codes in upper case, of both lists. */
	events: string[];
	simplify: boolean;
	includeUser: boolean;
	/** 0 for any age, NaN where it is no number: what is no age may not stand for any age, and nothing is young enough then. */
	maxAgeMinutes: number;
	testWith: 'sample' | 'realEvent';
}

/** Reads the form of Bitrix24 Trigger, once. */
export function readTriggerSettings(context: Parameters): TriggerSettings {
	const given = context.getNodeParameter('options', {});
	const options = isRecord(given) ? given : {};
	return {
		authentication: parseOr(authentication, context.getNodeParameter('authentication', 'oAuth2'), 'oAuth2'),
		events: readEvents(context),
		simplify: parseOr(flag, context.getNodeParameter('simplify', true), true),
		includeUser: parseOr(flag, options.includeUser ?? false, false),
		maxAgeMinutes: parseOr(age, options.maxAgeMinutes ?? 0, NaN),
		testWith: parseOr(testWith, options.testWith ?? 'sample', 'sample'),
	};
}

// A timer that is to run for longer than 24 days ends at once.
const maxIntervalSeconds = 2_000_000;

const options = z.object({
	maxAttempts: z.coerce.number().int().min(1).catch(3),
	retryErrors: z.boolean().catch(false),
	whenStopped: z.enum(['keepCollecting', 'unsubscribe']).catch('keepCollecting'),
	queueName: z.string().trim().catch(''),
});

/** What the user chose in the queue trigger's form. */
export type QueueSettings = {
	/** Codes in upper case, of both lists. */
	events: string[];
	simplify: boolean;
	checkEverySeconds: number;
	batchSize: number;
	execution: 'perBatch' | 'perEvent';
	acknowledge: 'afterSuccess' | 'afterFinish' | 'onReceipt';
} & z.infer<typeof options>;

/** Reads the form of Bitrix24 Queue Trigger, once. */
export function readQueueSettings(context: Parameters): QueueSettings {
	const read = <T>(name: string, fallback: T, form: z.ZodType<T, z.ZodTypeDef, unknown>): T =>
		parseOr(form, context.getNodeParameter(name, fallback), fallback);
	return {
		events: readEvents(context),
		simplify: read('simplify', true, z.boolean()),
		checkEverySeconds: read(
			'checkEvery',
			30,
			z.coerce
				.number()
				.finite()
				.transform((seconds) => Math.min(Math.max(seconds, 5), maxIntervalSeconds)),
		),
		batchSize: read(
			'batchSize',
			100,
			z.coerce.number().transform((size) => Math.min(Math.max(Math.trunc(size), 1), 1000)),
		),
		execution: read('execution', 'perBatch', z.enum(['perBatch', 'perEvent'])),
		acknowledge: read('acknowledge', 'afterSuccess', z.enum(['afterSuccess', 'afterFinish', 'onReceipt'])),
		...options
			.catch({ maxAttempts: 3, retryErrors: false, whenStopped: 'keepCollecting', queueName: '' })
			.parse(context.getNodeParameter('options', {})),
	};
}

/** The codes of both event lists, in upper case. */
export function readEvents(context: Parameters): string[] {
	return ['events', 'otherEvents'].flatMap((name) =>
		codesOf(context.getNodeParameter(name, []))
			.map((code) => code.trim().toUpperCase())
			.filter((code) => code !== ''),
	);
}

/** An expression may give one code, or several with commas between them, or anything else. */
function codesOf(given: unknown): string[] {
	if (typeof given === 'string') return given.split(',');
	return Array.isArray(given) && given.every((code) => typeof code === 'string') ? given : [];
}

/**
 * Reads a value of a node's form, which an expression can make anything.
 *
 * @param form what it has to be
 * @param value as n8n gives it
 * @param fallback what counts where it is something else
 */
export function parseOr<T>(form: ZodType<T, ZodTypeDef, unknown>, value: unknown, fallback: T): T {
	// zod's own `catch` copies its whole state for each value, which costs more than everything else in a delivery's form.
	const read = form.safeParse(value);
	return read.success ? read.data : fallback;
}
