import type { ConsumerOptions } from '../../../../nodes/Bitrix24/queue/consumer.js';
import { QueueConsumer } from '../../../../nodes/Bitrix24/queue/consumer.js';
import type { BatchContext } from '../../../../nodes/Bitrix24/queue/processBatch.js';
import type { QueueSession } from '../../../../nodes/Bitrix24/queue/setup.js';
import type { Station } from './queueWorld.mjs';

/** What one step of a poll is taken with. */
export interface Step {
	/** What the consumer has made or recovered before; afterwards, what it knows then. */
	reservations: Set<string>;
	batchSize: number;
	ofAnybody?: boolean;
	retryErrors?: boolean;
}

/** Has a consumer take one step. */
async function step<T>(
	batchContext: BatchContext,
	{ reservations, batchSize, retryErrors = false }: Step,
	take: (consumer: QueueConsumer) => Promise<T>,
): Promise<T> {
	const options: ConsumerOptions = {
		settings: { batchSize, retryErrors, checkEverySeconds: 30 },
		batchContext,
		outage: { note: () => 0, over: () => undefined },
		log: { warn: () => undefined, info: () => undefined },
		setUp: async () => await Promise.reject(new Error('One step sets nothing up')),
	};
	const consumer = new QueueConsumer(null, options);
	for (const processId of reservations) consumer.reservations.add(processId);
	try {
		return await take(consumer);
	} finally {
		reservations.clear();
		for (const processId of consumer.reservations) reservations.add(processId);
	}
}

export async function drain(session: QueueSession, context: BatchContext, options: Step): Promise<boolean> {
	return await step(context, options, async (consumer) => await consumer.drain(session));
}

export async function recoverReservations(session: QueueSession, context: BatchContext, options: Step): Promise<void> {
	await step(context, options, async (consumer) => {
		await consumer.recoverReservations(session, options.ofAnybody ?? false);
	});
}

export async function reserveFailed(session: QueueSession, context: BatchContext, options: Step): Promise<void> {
	await step(context, options, async (consumer) => await consumer.reserveFailed(session));
}

/** Somebody reserves what waits, so many at a time, and dies. */
export async function reserveAll(
	{ ready, portal }: Station,
	limit: number,
	event: string | null = null,
): Promise<void> {
	for (;;) {
		const { records } = await ready.queue.reserve({ limit, event });
		if (records.length < limit) break;
	}
	portal.calls.length = 0;
}

/** Takes up what is left over; returns the reservations that it has taken note of. */
export async function takeUp({ ready, handling }: Station, changes: Partial<Step> = {}): Promise<string[]> {
	const leftOvers = { reservations: new Set<string>(), ofAnybody: false, retryErrors: false, batchSize: 100 };
	const used = { ...leftOvers, ...changes };
	await recoverReservations(ready, handling, used);
	return [...used.reservations];
}
