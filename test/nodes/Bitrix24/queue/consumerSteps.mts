import { QueueConsumer } from '../../../../nodes/Bitrix24/queue/consumer.js';
import type { BatchContext } from '../../../../nodes/Bitrix24/queue/processBatch.js';
import * as recovery from '../../../../nodes/Bitrix24/queue/recovery.js';
import type { QueueSession } from '../../../../nodes/Bitrix24/queue/setup.js';
import type { Station } from './queueWorld.mjs';

/** What one step of a poll is taken with. */
export interface Step {
	/** What the consumer has made or recovered before; afterwards, what it knows then. */
	reservations: Set<string>;
	batchSize: number;
	ofAnybody?: boolean;
}

/** Has a consumer drain the queue once. */
export async function drain(
	session: QueueSession,
	batchContext: BatchContext,
	{ reservations, batchSize }: Step,
): Promise<boolean> {
	const consumer = new QueueConsumer(null, {
		settings: { batchSize, retryErrors: false, checkEverySeconds: 30 },
		batchContext,
		outage: { note: () => 0, over: () => undefined },
		log: { warn: () => undefined, info: () => undefined },
		setUp: async () => await Promise.reject(new Error('One step sets nothing up')),
	});
	try {
		return await consumer.drain(session);
	} finally {
		for (const processId of consumer.reservations) reservations.add(processId);
	}
}

async function recoverReservations(
	session: QueueSession,
	batchContext: BatchContext,
	{ ofAnybody = false, ...step }: Step,
): Promise<void> {
	await recovery.recoverReservations(session, ofAnybody, { ...step, batchContext });
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
	const leftOvers = { reservations: new Set<string>(), ofAnybody: false, batchSize: 100 };
	const used = { ...leftOvers, ...changes };
	await recoverReservations(ready, handling, used);
	return [...used.reservations];
}
