import { isSelected } from '../event/codes';
import { sleep } from '../n8n/timing';
import type { QueueSettings } from '../settings/settings';
import type { ReservedRecord } from './offlineQueueApi';
import type { Outage } from './outage';
import type { BatchContext } from './processBatch';
import { processBatch, isInFlight } from './processBatch';
import type { QueueSession } from './setup';

/** What a queue is consumed with. */
export interface ConsumerOptions {
	settings: QueueSettings;
	batchContext: BatchContext;
	outage: Outage;
	/** Makes the queue ready again after an outage: meanwhile the app may have been reinstalled, or the credential changed. */
	setUp(): Promise<QueueSession>;
}

/**
 * Reads the queue until the node closes: what was left over first, then what waits, then a rest. No failure ends it.
 *
 * @param first the queue as it was made ready at activation
 */
export async function consume(
	first: QueueSession,
	{ settings, batchContext: context, outage, setUp: prepare }: ConsumerOptions,
): Promise<void> {
	const { signal, now } = context;
	const { batchSize, retryErrors } = settings;
	const rest = settings.checkEverySeconds * 1000;
	const reservations = new Set<string>();
	let session: QueueSession | null = first;
	let isStarting = true;
	// Whether reservations may lie there that answers were lost of, so that nobody knows whose they are.
	let answerLost = true;
	let lookedAt = -Infinity;

	async function check(current: QueueSession): Promise<boolean> {
		await current.pendingAcks.flush(current.queue);
		// While batch follows batch, an unsuccessful one waits no less for its next run than it does in quiet times.
		if (current.canReserve && now() - lookedAt >= rest) {
			if (isStarting && retryErrors) await reserveFailed(current, reservations, batchSize);
			await recoverReservations(current, context, {
				reservations,
				ofAnybody: answerLost,
				retryErrors,
				batchSize,
			});
			isStarting = false;
			answerLost = false;
			lookedAt = now();
		}
		return await drain(current, context, { batchSize, reservations });
	}

	while (!signal.aborted) {
		try {
			session ??= await prepare();
			const isMoreWaiting = await check(session);
			outage.over();
			if (!isMoreWaiting) await sleep(rest, signal);
		} catch (error) {
			if (signal.aborted) return;
			session = null;
			answerLost = true;
			await sleep(outage.note(error), signal);
		}
	}
}

// After so many full batches in a row, reservations that wait for another run get their turn.
const maxRounds = 20;

/**
 * Handles what waits in the queue, one batch after the other as long as they are full. In a queue that others use, the
 * selected events take turns, so that none waits for the end of another that comes in masses.
 *
 * @param reservations where the reservations that are made are noted
 * @returns whether more is waiting
 * @throws Refusal when the portal refuses or does not answer
 */
export async function drain(
	session: QueueSession,
	context: BatchContext,
	{ batchSize: limit, reservations }: { batchSize: number; reservations: Set<string> },
): Promise<boolean> {
	const { queue, isExclusive, events } = session;
	// In a queue of the trigger's own everything is its own; from a shared one only the selected events are taken.
	let full: ReadonlyArray<string | null> = isExclusive ? [null] : events;
	for (let round = 0; round < maxRounds; round++) {
		const stillFull: Array<string | null> = [];
		for (const event of full) {
			if (context.signal.aborted) return false;
			const batch = context.isOnReceipt
				? await queue.receiveAndDelete({ limit, event })
				: await queue.reserve({ limit, event });
			if (batch.processId !== null) reservations.add(batch.processId);
			await processBatch(batch, session, context);
			if (batch.records.length >= limit) stillFull.push(event);
		}
		if (stillFull.length === 0) return false;
		full = stillFull;
	}
	return true;
}

/** Which reservations to take up. */
export interface RecoveryOptions {
	/**
	 * Reservations that this trigger has made or taken up. Those that it takes up are added: they are its own from then on;
	 * those of which nothing is left go.
	 */
	reservations: Set<string>;
	/** Whether to take up those of others in a shared queue as well: nobody can tell whose they are. */
	ofAnybody: boolean;
	/** Whether to take up records that were put aside before. */
	retryErrors: boolean;
	batchSize: number;
}

/**
 * Takes up what was reserved and never confirmed, because a run was unsuccessful, n8n was killed, or the portal's answer
 * was lost: in the order in which it was queued, each reservation once.
 *
 * @throws Refusal when the portal refuses or does not answer
 */
export async function recoverReservations(
	session: QueueSession,
	context: BatchContext,
	options: RecoveryOptions,
): Promise<void> {
	const { queue, events, isExclusive } = session;
	const { signal, retryPolicy } = context;
	const { reservations, ofAnybody, retryErrors, batchSize } = options;
	const tried = new Set<string>();
	const listed = new Set<string>();
	const isDue = ({ id, processId, event, isFailed }: ReservedRecord): boolean =>
		!tried.has(processId) &&
		!isInFlight(processId) &&
		(isExclusive || ((ofAnybody || reservations.has(processId)) && isSelected(event, events))) &&
		(!isFailed || (retryErrors && !retryPolicy.isExhausted(id)));

	async function takeUp({ processId, isFailed }: ReservedRecord): Promise<void> {
		let afterId = '0';
		let size = batchSize;
		while (size >= batchSize && !signal.aborted) {
			const batch = await queue.fetchReserved(processId, { limit: batchSize, failed: isFailed, afterId });
			size = batch.records.length;
			afterId = batch.records.at(-1)?.ID ?? afterId;
			await processBatch(batch, session, context);
		}
	}

	let afterId = '0';
	for (;;) {
		const { records, lastId } = await queue.listReserved(afterId);
		if (signal.aborted) return;
		if (lastId === null) break;
		for (const { processId } of records) listed.add(processId);
		const due = records.find(isDue);
		if (due === undefined) {
			afterId = lastId;
			continue;
		}
		tried.add(due.processId);
		reservations.add(due.processId);
		await takeUp(due);
	}
	for (const processId of reservations) if (!listed.has(processId)) reservations.delete(processId);
}

/**
 * Reserves every record that was put aside, so that it is taken up as what a run has left over.
 *
 * @param reservations where the reservations that are made are noted
 * @throws Refusal when the portal refuses or does not answer
 */
export async function reserveFailed(
	{ queue, isExclusive, events }: Pick<QueueSession, 'queue' | 'isExclusive' | 'events'>,
	reservations: Set<string>,
	limit: number,
): Promise<void> {
	for (const event of isExclusive ? [null] : events) {
		for (;;) {
			const { processId, records } = await queue.reserve({ limit, event, failed: true });
			if (processId !== null) reservations.add(processId);
			if (records.length < limit) break;
		}
	}
}
