import { isSelected } from '../event/codes';
import { sleep } from '../n8n/timing';
import type { QueueSettings } from '../settings/settings';
import type { ReservedRecord } from './offlineQueueApi';
import type { Outage } from './outage';
import type { BatchContext } from './processBatch';
import { isInFlight, processBatch } from './processBatch';
import type { QueueSession } from './setup';

/** What a queue is consumed with. */
export interface ConsumerOptions {
	settings: Pick<QueueSettings, 'batchSize' | 'retryErrors' | 'checkEverySeconds'>;
	batchContext: BatchContext;
	outage: Outage;
	/** Sets the queue up again after an outage: the app may have been reinstalled, or the credential changed. */
	setUp(): Promise<QueueSession>;
}

// After so many full batches in a row, reservations that wait for another run get their turn.
const maxRounds = 20;

/**
 * Consumes a queue until the node closes. No failure ends it.
 *
 * The life of a record: waiting -> reserved -> running -> acknowledged (the portal deletes it), or moved to failed, or
 * still reserved -> recovered, that is reserved and running again. "On Receipt" acknowledges before it runs, and where the
 * plan has no reservation the portal deletes what it hands out.
 *
 * | state                                        | where                              | how long                     |
 * | -------------------------------------------- | ---------------------------------- | ---------------------------- |
 * | waiting, reserved, failed                    | the portal                         | reservations: 30 days        |
 * | reservations that are running                | n8n/processState                   | until the run has ended      |
 * | pending acks                                 | n8n/processState                   | until the portal took them   |
 * | unsuccessful runs of a record                | retryPolicy                        | as long as the trigger       |
 * | reservations of this trigger; lost answers   | here                               | as long as the trigger       |
 */
export class QueueConsumer {
	/** Reservations that this trigger has made or recovered: on a shared queue, the only ones known to be its own. */
	readonly reservations = new Set<string>();

	private isStarting = true;

	/** Whether reservations may lie there of which the answer was lost, so that nobody knows whose they are. */
	private answerLost = true;

	private recoveredAt = -Infinity;

	/** @param session the queue as it was set up at activation */
	constructor(
		private session: QueueSession | null,
		private readonly options: ConsumerOptions,
	) {}

	/** Polls until the node closes. */
	async start(): Promise<void> {
		const { settings, batchContext, outage, setUp } = this.options;
		const { signal } = batchContext;
		while (!signal.aborted) {
			try {
				this.session ??= await setUp();
				const isMoreWaiting = await this.poll(this.session);
				outage.over();
				if (!isMoreWaiting) await sleep(settings.checkEverySeconds * 1000, signal);
			} catch (error) {
				if (signal.aborted) return;
				this.session = null;
				this.answerLost = true;
				await sleep(outage.note(error), signal);
			}
		}
	}

	/**
	 * Flushes acks, recovers reservations where that is due, and drains the queue.
	 *
	 * @returns whether more is waiting
	 * @throws ActionableError when the portal refuses or does not answer
	 */
	private async poll(session: QueueSession): Promise<boolean> {
		const { settings, batchContext } = this.options;
		const { now } = batchContext;
		await session.pendingAcks.flush(session.queue);
		// While batch follows batch, an unsuccessful one waits no less for its next run than it does in quiet times.
		if (session.canReserve && now() - this.recoveredAt >= settings.checkEverySeconds * 1000) {
			if (this.isStarting && settings.retryErrors) await this.reserveFailed(session);
			await this.recoverReservations(session, this.answerLost);
			this.isStarting = false;
			this.answerLost = false;
			this.recoveredAt = now();
		}
		return await this.drain(session);
	}

	/** Reserves every record that was moved to failed, so that it is recovered like what a run has left. */
	async reserveFailed({ queue, isExclusive, events }: QueueSession): Promise<void> {
		const { batchSize: limit } = this.options.settings;
		for (const event of isExclusive ? [null] : events) {
			for (;;) {
				const { processId, records } = await queue.reserve({ limit, event, failed: true });
				if (processId !== null) this.reservations.add(processId);
				if (records.length < limit) break;
			}
		}
	}

	/**
	 * Recovers what was reserved and never acknowledged, because a run was unsuccessful, n8n was killed, or the portal's
	 * answer was lost: in the order in which it was queued, each reservation once. Forgets reservations of which nothing is
	 * left.
	 *
	 * @param ofAnybody whether to recover those of others in a shared queue as well: nobody knows whose they are
	 */
	async recoverReservations(session: QueueSession, ofAnybody: boolean): Promise<void> {
		const { queue, events, isExclusive } = session;
		const { settings, batchContext } = this.options;
		const { signal, retryPolicy } = batchContext;
		const tried = new Set<string>();
		const listed = new Set<string>();
		const isDue = ({ id, processId, event, isFailed }: ReservedRecord): boolean =>
			!tried.has(processId) &&
			!isInFlight(processId) &&
			(isExclusive || ((ofAnybody || this.reservations.has(processId)) && isSelected(event, events))) &&
			(!isFailed || (settings.retryErrors && !retryPolicy.isExhausted(id)));

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
			this.reservations.add(due.processId);
			await this.processReserved(session, due);
		}
		for (const processId of this.reservations) if (!listed.has(processId)) this.reservations.delete(processId);
	}

	private async processReserved(session: QueueSession, { processId, isFailed }: ReservedRecord): Promise<void> {
		const { settings, batchContext } = this.options;
		const { batchSize: limit } = settings;
		let afterId = '0';
		let size = limit;
		while (size >= limit && !batchContext.signal.aborted) {
			const batch = await session.queue.fetchReserved(processId, { limit, failed: isFailed, afterId });
			size = batch.records.length;
			afterId = batch.records.at(-1)?.ID ?? afterId;
			await processBatch(batch, session, batchContext);
		}
	}

	/**
	 * Processes what waits in the queue, one batch after the other as long as they are full. In a queue that others use,
	 * the selected events take turns, so that none waits for the end of another that comes in masses.
	 *
	 * @returns whether more is waiting
	 */
	async drain(session: QueueSession): Promise<boolean> {
		const { queue, isExclusive, events } = session;
		const { settings, batchContext } = this.options;
		const { batchSize: limit } = settings;
		let full: ReadonlyArray<string | null> = isExclusive ? [null] : events;
		for (let round = 0; round < maxRounds; round++) {
			const stillFull: Array<string | null> = [];
			for (const event of full) {
				if (batchContext.signal.aborted) return false;
				const batch = batchContext.isOnReceipt
					? await queue.receiveAndDelete({ limit, event })
					: await queue.reserve({ limit, event });
				if (batch.processId !== null) this.reservations.add(batch.processId);
				await processBatch(batch, session, batchContext);
				if (batch.records.length >= limit) stillFull.push(event);
			}
			if (stillFull.length === 0) return false;
			full = stillFull;
		}
		return true;
	}
}
