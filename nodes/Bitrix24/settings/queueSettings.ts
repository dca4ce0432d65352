import { z } from 'zod';

import type { Parameters } from './parameters';
import { readEvents } from './readEvents';
import { valueOr } from './valueOr';

// A timer that is to run for longer than 24 days ends at once.
const longestRest = 2_000_000;

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
		valueOr(form, context.getNodeParameter(name, fallback), fallback);
	return {
		events: readEvents(context),
		simplify: read('simplify', true, z.boolean()),
		checkEverySeconds: read(
			'checkEvery',
			30,
			z.coerce
				.number()
				.finite()
				.transform((seconds) => Math.min(Math.max(seconds, 5), longestRest)),
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
