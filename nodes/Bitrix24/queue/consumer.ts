import { mayHaveHappened } from '../api/retry';
import type { Log } from '../n8n/log';
import { sleep } from '../n8n/timing';
import type { QueueSettings } from '../settings/settings';
import { countFailed, describeFailed, reserveChanged } from './failedRecords';
import type { Outage } from './outage';
import type { BatchContext } from './processBatch';
import { flushAcks, processBatch } from './processBatch';
import type { RecoveryContext } from './recovery';
import { recoverReservations, reserveFailed, runDue } from './recovery';
import type { QueueSession } from './setup';

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
 * | recover what is reserved                     | at the start, after a failed call, and every ten minutes    |
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

	private get recovery(): RecoveryContext {
		const { settings, batchContext } = this.options;
		return { batchSize: settings.batchSize, batchContext, reservations: this.reservations };
	}

	/** Polls until the node closes. */
	async start(): Promise<void> {
		const { settings, batchContext, outage, setUp } = this.options;
		const { signal } = batchContext;
		while (!signal.aborted) {
			try {
				this.session ??= await setUp();
				if (signal.aborted) return;
				const isMoreWaiting = await this.poll(this.session);
				outage.over();
				if (!isMoreWaiting) await sleep(settings.checkEverySeconds * 1000, signal);
			} catch (error) {
				if (signal.aborted) return;
				this.answerLost ||= this.session?.queue.hasLostAnswer === true || mayHaveHappened(error);
				this.recoveredAt = -Infinity;
				this.session = null;
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
			await reserveFailed(session, this.recovery);
		}
		const count = await countFailed(session);
		if (count > 0) log.info(describeFailed(count));
		this.lookedAtFailedAt = this.options.batchContext.elapsed();
		this.isStarting = false;
	}

	/** Runs again what has paused; what is reserved beside that is recovered where it is due. */
	private async runReserved(session: QueueSession): Promise<void> {
		const { elapsed } = this.options.batchContext;
		this.answerLost ||= session.queue.hasLostAnswer;
		if (!this.answerLost && elapsed() - this.recoveredAt < recoverEveryMs) return await runDue(session, this.recovery);
		session.queue.hasLostAnswer = false;
		await recoverReservations(session, this.answerLost, this.recovery);
		this.answerLost = false;
		this.recoveredAt = elapsed();
	}

	/** Runs what was moved to failed and has changed since. */
	private async runChanged(session: QueueSession): Promise<void> {
		const { batchContext } = this.options;
		const { elapsed } = batchContext;
		if (elapsed() - this.lookedAtFailedAt < lookAtFailedEveryMs || this.mayReserveNothing(session)) return;
		this.lookedAtFailedAt = elapsed();
		for await (const batch of reserveChanged(session, elapsed())) {
			this.noteReservation(batch.processId);
			await processBatch(batch, session, batchContext);
			if (batchContext.signal.aborted || this.mayReserveNothing(session)) return;
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
		let full: ReadonlyArray<string | null> = isExclusive ? [null] : events;
		for (let round = 0; round < maxRounds; round++) {
			const stillFull: Array<string | null> = [];
			for (const event of full) {
				if (batchContext.signal.aborted || this.mayReserveNothing(session)) return false;
				const batch = batchContext.isOnReceipt
					? await queue.receiveAndDelete({ limit: settings.batchSize, event })
					: await queue.reserve({ limit: settings.batchSize, event });
				if (batch.size > 0) this.noteReservation(batch.processId);
				await processBatch(batch, session, batchContext);
				if (batch.size >= settings.batchSize) stillFull.push(event);
			}
			if (stillFull.length === 0) return false;
			full = stillFull;
		}
		return true;
	}

	/** Whether too much waits for another run; logged when it begins. */
	private mayReserveNothing({ retries, isExclusive }: QueueSession): boolean {
		// What another trigger of a shared queue has left is not run here, and must not hold up what is.
		const isFull = retries.isFull((processId) => isExclusive || this.reservations.has(processId));
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
