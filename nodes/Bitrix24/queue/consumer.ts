import { isSelected } from '../event/codes';
import type { Log } from '../n8n/log';
import { sleep } from '../n8n/timing';
import type { QueueSettings } from '../settings/settings';
import { countFailed, reserveChanged } from './failedRecords';
import type { Outage } from './outage';
import type { BatchContext } from './processBatch';
import { flushAcks, isInFlight, processBatch } from './processBatch';
import type { ReservedRecord } from './queueRows';
import type { QueueSession } from './setup';
import { leftAloneKey } from './strangeRecords';

/** What a queue is consumed with. */
export interface ConsumerOptions {
	settings: Pick<QueueSettings, 'batchSize' | 'retryErrors' | 'checkEverySeconds'>;
	batchContext: BatchContext;
	outage: Outage;
	log: Pick<Log, 'warn' | 'info'>;
	/** Sets the queue up, or again after an outage: the app may have been reinstalled, or the credential changed. */
	setUp(): Promise<QueueSession>;
}

// After so many full batches in a row, what waits for another run gets its turn.
const maxRounds = 20;
const recoverEveryMs = 600_000;
const lookAtFailedEveryMs = 60_000;

/**
 * Consumes a queue until the node closes. No failure ends it.
 *
 * The life of a record: waiting -> reserved -> running -> acknowledged (the portal deletes it), or moved to failed, or
 * reserved until it runs again after a pause. What a killed n8n, or a lost answer, has left reserved is recovered: reserved
 * and running again. What was moved to failed is reserved again when its object changes. "On Receipt" acknowledges before it
 * runs, and where the plan has no reservation the portal deletes what it hands out.
 *
 * | what a poll does                             | when it is due                                              |
 * | -------------------------------------------- | ----------------------------------------------------------- |
 * | send pending acks                            | at each poll                                                |
 * | recover what is reserved                     | at the start, after a lost answer, and every ten minutes    |
 * | run again what has paused                    | at the first poll after its pause                           |
 * | reserve what changed after it had failed     | once a minute, while there is any                           |
 * | drain the queue                              | at each poll, unless too much waits for another run         |
 *
 * | state                                        | where                              | how long                     |
 * | -------------------------------------------- | ---------------------------------- | ---------------------------- |
 * | waiting, reserved, failed                    | the portal                         | reservations: 30 days        |
 * | reservations that are running                | n8n/processState                   | until the run has ended      |
 * | pending acks                                 | n8n/processState                   | until the portal took them   |
 * | attempts, pauses, what was moved to failed   | n8n/processState                   | as long as the process       |
 * | reservations of this trigger; lost answers   | here                               | as long as the trigger       |
 */
export class QueueConsumer {
	/** Reservations that this trigger has made or recovered: on a shared queue, the only ones known to be its own. */
	readonly reservations = new Set<string>();

	private isStarting = true;

	/** Whether reservations may lie there of which the answer was lost, so that nobody knows whose they are. */
	private answerLost = true;

	private recoveredAt = -Infinity;

	private lookedAtFailedAt = -Infinity;

	private isFull = false;

	/** @param session the queue as it was set up at activation; null where that is still to be done */
	constructor(
		private session: QueueSession | null,
		private readonly options: ConsumerOptions,
	) {}

	/** The queue as it is set up now; null while the portal cannot be used. */
	get current(): QueueSession | null {
		return this.session;
	}

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
	 * Does what is due, and drains the queue.
	 *
	 * @returns whether more is waiting
	 * @throws ActionableError when the portal refuses or does not answer
	 */
	private async poll(session: QueueSession): Promise<boolean> {
		await flushAcks(session, this.options.batchContext);
		if (session.canReserve) {
			if (this.isStarting) await this.begin(session);
			await this.runReserved(session);
			await this.runChanged(session);
		}
		return await this.drain(session);
	}

	/** Logs what was moved to failed before, and takes it up where the user wants it. */
	private async begin(session: QueueSession): Promise<void> {
		const { settings, log } = this.options;
		if (settings.retryErrors) {
			session.retries.beginAnew();
			await this.reserveFailed(session);
		}
		const count = await countFailed(session);
		if (count > 0) log.info(lieAside(count));
		this.lookedAtFailedAt = this.options.batchContext.elapsed();
		this.isStarting = false;
	}

	/** Runs again what has paused; what is reserved beside that is recovered where it is due. */
	private async runReserved(session: QueueSession): Promise<void> {
		const { elapsed } = this.options.batchContext;
		this.answerLost ||= session.queue.hasLostAnswer;
		if (!this.answerLost && elapsed() - this.recoveredAt < recoverEveryMs) return await this.runDue(session);
		session.queue.hasLostAnswer = false;
		await this.recoverReservations(session, this.answerLost);
		this.answerLost = false;
		this.recoveredAt = elapsed();
	}

	/** Runs again what has paused, in the order in which it was queued. */
	async runDue(session: QueueSession): Promise<void> {
		const { elapsed } = this.options.batchContext;
		for (const due of session.retries.dueReservations(elapsed())) {
			const isOwn = session.isExclusive || this.reservations.has(due.processId);
			if (isOwn && !isInFlight(due.processId)) await this.processReserved(session, due);
		}
	}

	/** Runs what was moved to failed and has changed since. */
	private async runChanged(session: QueueSession): Promise<void> {
		const { batchContext } = this.options;
		const { elapsed } = batchContext;
		if (elapsed() - this.lookedAtFailedAt < lookAtFailedEveryMs || this.mayReserveNothing(session)) return;
		this.lookedAtFailedAt = elapsed();
		for (const batch of await reserveChanged(session, elapsed())) {
			this.noteReservation(batch.processId);
			session.retries.beginAnew(batch.records.map(({ ID }) => ID));
			await processBatch(batch, session, batchContext);
		}
	}

	/** Reserves every record that was moved to failed, so that it is recovered like what a run has left. */
	async reserveFailed({ queue, isExclusive, events, memory, retries }: QueueSession): Promise<void> {
		const { batchSize: limit } = this.options.settings;
		for (const event of isExclusive ? [null] : events) {
			for (;;) {
				const { processId, records, size } = await queue.reserve({ limit, event, failed: true });
				if (size > 0) this.noteReservation(processId);
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
	async recoverReservations(session: QueueSession, ofAnybody: boolean): Promise<void> {
		const { queue, events, isExclusive, memory, retries } = session;
		const { signal, elapsed } = this.options.batchContext;
		const tried = new Set<string>();
		const listed = new Set<string>();
		const isOurs = ({ processId, event }: ReservedRecord): boolean =>
			isExclusive || ((ofAnybody || this.reservations.has(processId)) && isSelected(event, events));
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
			for (const record of records) if (isOurs(record)) this.reservations.add(record.processId);
			const due = records.find(isDue);
			if (due === undefined) {
				afterId = lastId;
				continue;
			}
			tried.add(due.processId);
			await this.processReserved(session, due);
		}
		for (const processId of this.reservations) if (!listed.has(processId)) this.reservations.delete(processId);
	}

	private async processReserved(
		session: QueueSession,
		{ processId, isFailed }: Pick<ReservedRecord, 'processId' | 'isFailed'>,
	): Promise<void> {
		const { settings, batchContext } = this.options;
		const { batchSize: limit } = settings;
		const left = new Set<string>();
		let afterId = '0';
		let size = limit;
		while (size >= limit) {
			if (batchContext.signal.aborted) return;
			const batch = await session.queue.fetchReserved(processId, { limit, failed: isFailed, afterId });
			for (const { ID } of batch.records) left.add(ID);
			size = batch.size;
			await processBatch(batch, session, batchContext);
			const lastId = batch.records.at(-1)?.ID;
			// A page of strange records only: what lies behind it is found once they are moved.
			if (lastId === undefined) break;
			afterId = lastId;
		}
		session.retries.keepOnly(processId, left);
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
				if (batchContext.signal.aborted || this.mayReserveNothing(session)) return false;
				const batch = batchContext.isOnReceipt
					? await queue.receiveAndDelete({ limit, event })
					: await queue.reserve({ limit, event });
				if (batch.size > 0) this.noteReservation(batch.processId);
				await processBatch(batch, session, batchContext);
				if (batch.size >= limit) stillFull.push(event);
			}
			if (stillFull.length === 0) return false;
			full = stillFull;
		}
		return true;
	}

	/** Whether too much waits for another run; logged when it begins. */
	private mayReserveNothing({ retries }: QueueSession): boolean {
		const isFull = retries.isFull();
		if (isFull && !this.isFull) this.options.log.warn(nothingNew);
		this.isFull = isFull;
		return isFull;
	}

	private noteReservation(processId: string | null): void {
		if (processId !== null) this.reservations.add(processId);
	}
}

const nothingNew =
	'nothing new is taken from the queue, because too many events wait for another run. They stay in Bitrix24 until a run succeeds, or some of them have had all their runs.';

function lieAside(count: number): string {
	return count === 1
		? '1 event lies aside in Bitrix24, because the workflow did not succeed with it. The option "Retry Errors" takes it up again at the next activation.'
		: `${count} events lie aside in Bitrix24, because the workflow did not succeed with them. The option "Retry Errors" takes them up again at the next activation.`;
}
