import { isSelected } from '../event/codes';
import type { BatchContext } from './processBatch';
import { isInFlight, processBatch } from './processBatch';
import type { Batch, ReservedRecord } from './queueRows';
import type { QueueSession } from './setup';
import { leftAloneKey } from './strangeRecords';

/** What reservations are processed again with. */
export interface RecoveryContext {
	batchSize: number;
	batchContext: BatchContext;
	/** Reservations that this trigger has made or recovered. */
	reservations: Set<string>;
}

/** Runs again what has paused, in the order in which it was queued. */
export async function runDue(session: QueueSession, context: RecoveryContext): Promise<void> {
	const { reservations, batchContext } = context;
	for (const due of session.retries.dueReservations(batchContext.elapsed())) {
		const isOwn = session.isExclusive || reservations.has(due.processId);
		if (isOwn && !isInFlight(due.processId)) await processReserved(session, due, context);
	}
}

/** Reserves every record that was moved to failed, so that it is recovered like what a run has left. */
export async function reserveFailed(
	{ queue, isExclusive, events, memory, retries }: QueueSession,
	{ batchSize: limit, reservations }: Pick<RecoveryContext, 'batchSize' | 'reservations'>,
): Promise<void> {
	for (const event of isExclusive ? [null] : events) {
		for (;;) {
			const { processId, records, size } = await queue.reserve({ limit, event, failed: true });
			if (size > 0 && processId !== null) reservations.add(processId);
			retries.beginAnew(records.map(({ ID }) => ID));
			for (const { MESSAGE_ID: messageId } of records) memory.failed.delete(messageId);
			if (size < limit) break;
		}
	}
}

/**
 * Recovers what was reserved and never acknowledged, because n8n was killed, or the portal's answer was lost: in the order
 * in which it was queued, each reservation once. What has paused is among it. Forgets reservations of which nothing is
 * left.
 *
 * @param ofAnybody whether to recover those of others in a shared queue as well: nobody knows whose they are
 */
export async function recoverReservations(
	session: QueueSession,
	ofAnybody: boolean,
	context: RecoveryContext,
): Promise<void> {
	const { reservations, batchContext } = context;
	const { queue, events, isExclusive, memory, retries } = session;
	const { signal, elapsed } = batchContext;
	const tried = new Set<string>();
	const listed = new Set<string>();
	const isOurs = ({ processId, event }: ReservedRecord): boolean =>
		isExclusive || ((ofAnybody || reservations.has(processId)) && isSelected(event, events));
	const isDue = (record: ReservedRecord): boolean =>
		!tried.has(record.processId) &&
		!isInFlight(record.processId) &&
		isOurs(record) &&
		!memory.strange.has(leftAloneKey(record.processId, record.id)) &&
		retries.mayRun(record.id, elapsed());

	let afterId = '0';
	for (;;) {
		const { records, lastId } = await queue.listReserved(afterId);
		if (signal.aborted) return;
		if (lastId === null) break;
		for (const { processId } of records) listed.add(processId);
		// Also what pauses, so that a shared queue's is known as this trigger's own when it is due.
		for (const record of records) if (isOurs(record)) reservations.add(record.processId);
		const due = records.find(isDue);
		if (due === undefined) {
			afterId = lastId;
			continue;
		}
		tried.add(due.processId);
		await processReserved(session, due, context);
	}
	for (const processId of reservations) if (!listed.has(processId)) reservations.delete(processId);
}

async function processReserved(
	session: QueueSession,
	{ processId, isFailed }: Pick<ReservedRecord, 'processId' | 'isFailed'>,
	{ batchSize: limit, batchContext }: RecoveryContext,
): Promise<void> {
	const left = new Set<string>();
	let afterId = '0';
	let size = limit;
	while (size >= limit) {
		if (batchContext.signal.aborted) return;
		const batch = await session.queue.fetchReserved(processId, { limit, failed: isFailed, afterId });
		for (const { ID } of batch.records) left.add(ID);
		size = batch.size;
		await processBatch(batch, session, batchContext);
		const lastId = lastIdOf(batch);
		if (lastId === null) {
			// What lies behind rows that name no id has not been seen.
			if (size >= limit) return;
			break;
		}
		afterId = lastId;
	}
	session.retries.keepOnly(processId, left);
}

/** The highest id that a batch names, of records in an unknown form too: those stay reserved, and good ones lie behind. */
function lastIdOf({ records, strange }: Batch): string | null {
	const named = strange.flatMap(({ id }) => (id !== null && /^\d+$/.test(id) ? id : []));
	const ids = [...records.map(({ ID }) => ID), ...named].map(Number);
	return ids.length === 0 ? null : String(Math.max(...ids));
}
