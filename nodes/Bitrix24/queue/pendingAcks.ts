import type { FailedRecord, PendingRecords } from '../n8n/processState';
import { processState } from '../n8n/processState';
import type { OfflineQueue } from './offlineQueueApi';

/**
 * Acknowledges records, and moves them to failed, and keeps both until the portal has taken them: such a record
 * must not run again.
 */
export class PendingAcks {
	/** @param pending by reservation */
	constructor(private readonly pending = new Map<string, PendingRecords>()) {}

	/** Notes that these records are handled. */
	acknowledge(processId: string, ids: readonly string[]): void {
		for (const id of ids) this.of(processId).acknowledged.add(id);
	}

	/** Notes that this record failed for the last time. */
	moveToFailed(processId: string, record: FailedRecord): void {
		this.of(processId).failed.set(record.id, record);
	}

	/** Whether this record is still to be acknowledged or moved. */
	has(processId: string, id: string): boolean {
		const records = this.pending.get(processId);
		return records !== undefined && (records.acknowledged.has(id) || records.failed.has(id));
	}

	/**
	 * Sends everything that is pending. Sending it again is harmless.
	 *
	 * @param queue the queue that the records lie in
	 * @param onMoved told of each record that was moved to failed, or was acknowledged in place of that
	 * @throws ActionableError when the portal does not take it; it stays pending
	 */
	async flush(
		queue: Pick<OfflineQueue, 'acknowledge' | 'moveToFailed' | 'findSuperseded'>,
		onMoved: (record: FailedRecord, isSuperseded: boolean) => void,
	): Promise<void> {
		for (const [processId, records] of [...this.pending]) {
			const ids = [...records.acknowledged];
			await queue.acknowledge(processId, ids);
			for (const id of ids) records.acknowledged.delete(id);
			await this.flushFailed(queue, processId, records, onMoved);
			// Meanwhile another flush may have sent it, and more may have been noted since.
			const isEmpty = records.acknowledged.size + records.failed.size === 0;
			if (isEmpty && this.pending.get(processId) === records) this.pending.delete(processId);
		}
	}

	/**
	 * The portal keeps one record of an object that is not reserved. Where a newer one waits it would be lost with the failed
	 * one, so the failed one is acknowledged: the newer one stands for it.
	 */
	private async flushFailed(
		queue: Pick<OfflineQueue, 'acknowledge' | 'moveToFailed' | 'findSuperseded'>,
		processId: string,
		records: PendingRecords,
		onMoved: (record: FailedRecord, isSuperseded: boolean) => void,
	): Promise<void> {
		const failed = [...records.failed.values()];
		if (failed.length === 0) return;
		const superseded = await queue.findSuperseded(failed);
		const done = (some: readonly FailedRecord[]) => {
			for (const record of some) if (records.failed.delete(record.id)) onMoved(record, superseded.has(record.id));
		};
		const acknowledged = failed.filter(({ id }) => superseded.has(id));
		await queue.acknowledge(
			processId,
			acknowledged.map(({ id }) => id),
		);
		done(acknowledged);
		const moved = failed.filter(({ id }) => !superseded.has(id));
		await queue.moveToFailed(
			processId,
			moved.map(({ messageId }) => messageId),
		);
		done(moved);
	}

	private of(processId: string): PendingRecords {
		const records = this.pending.get(processId) ?? { acknowledged: new Set(), failed: new Map() };
		this.pending.set(processId, records);
		return records;
	}
}

/**
 * The pending acks of one queue. They outlive the trigger: when a workflow is saved while the portal does not answer, the
 * trigger that n8n opens next still knows them.
 */
export function pendingAcksOf(queueKey: string): PendingAcks {
	const pending = processState.pendingAcks.get(queueKey) ?? new Map<string, PendingRecords>();
	processState.pendingAcks.set(queueKey, pending);
	return new PendingAcks(pending);
}
