import type { Attempts, QueueMemory, WaitingRecord } from '../n8n/processState';
import { createQueueMemory, processState } from '../n8n/processState';

const noAttempts: Attempts = { failures: 0, unknowns: 0 };

// While no run succeeds, a broken workflow is not worth more of the portal's rate; in a healthy queue the bound is memory.
const maxReservationsWhileFailing = 20;
const maxRecords = 2_000;

/**
 * The records of one queue that run again, and when. It outlives the trigger, so that saving a workflow neither starts
 * attempts anew nor runs what is pausing.
 */
export class Retries {
	constructor(private readonly memory: QueueMemory = createQueueMemory()) {}

	attemptsOf(id: string): Attempts {
		return this.memory.waiting.get(id) ?? noAttempts;
	}

	/** Whether a record may run: one that is not known may, one that pauses or has had all its runs may not. */
	mayRun(id: string, now: number): boolean {
		const known = this.memory.waiting.get(id);
		return !this.memory.exhausted.has(id) && (known === undefined || known.dueAt <= now);
	}

	/** Notes that a record stays reserved until its next run. */
	runAgain(id: string, waiting: WaitingRecord): void {
		this.memory.waiting.set(id, waiting);
	}

	/** Notes that a record runs no more. */
	forget(id: string): void {
		this.memory.waiting.delete(id);
	}

	/** Notes that a record has had all its runs. The portal may keep it reserved, if it was moved to failed before. */
	exhaust(id: string): void {
		this.forget(id);
		this.memory.exhausted.set(id, true);
	}

	/** Lets records that have had all their runs run again. Without ids, all of them. */
	beginAnew(ids: Iterable<string> = [...this.memory.exhausted.keys()]): void {
		for (const id of ids) this.memory.exhausted.delete(id);
	}

	/** Notes what became of a run. */
	noteOutcome(isFailure: boolean): void {
		this.memory.isFailing = isFailure;
		this.memory.areUnknownsReported = false;
	}

	/** Whether runs of which nothing is known are to be reported: once, until something is known of one. */
	mayReportUnknowns(): boolean {
		const isFirst = !this.memory.areUnknownsReported;
		this.memory.areUnknownsReported = true;
		return isFirst;
	}

	/** The reservations of which a record is due, in the order in which those were queued. */
	dueReservations(now: number): Array<{ processId: string; isFailed: boolean }> {
		const due = [...this.memory.waiting].filter(([, { dueAt }]) => dueAt <= now);
		due.sort(([a], [b]) => Number(a) - Number(b));
		const isFailed = new Map(due.map(([, waiting]) => [waiting.processId, waiting.isFailed]));
		return [...isFailed].map(([processId, failed]) => ({ processId, isFailed: failed }));
	}

	/** Forgets what of a reservation the portal no longer has. */
	keepOnly(processId: string, ids: ReadonlySet<string>): void {
		for (const [id, waiting] of this.memory.waiting) {
			if (waiting.processId === processId && !ids.has(id)) this.forget(id);
		}
	}

	/**
	 * Whether so much waits for another run that nothing new should be reserved.
	 *
	 * @param isOwn whether a reservation is the asking trigger's
	 */
	isFull(isOwn: (processId: string) => boolean): boolean {
		const { waiting, isFailing } = this.memory;
		// What was killed or lost says nothing about the workflow.
		const failed = [...waiting.values()].filter(({ unknowns, processId }) => unknowns === 0 && isOwn(processId));
		if (!isFailing) return failed.length >= maxRecords;
		return new Set(failed.map(({ processId }) => processId)).size >= maxReservationsWhileFailing;
	}
}

/** What the triggers of a queue remember, also when n8n has closed the one and opened another. */
export function memoryOf(queueKey: string): QueueMemory {
	const memory = processState.queueMemories.get(queueKey) ?? createQueueMemory();
	processState.queueMemories.set(queueKey, memory);
	return memory;
}
