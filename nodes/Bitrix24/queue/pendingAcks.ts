import type { Connection } from '../connection/oauth2';
import type { PendingRecords } from '../n8n/processState';
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
	moveToFailed(processId: string, id: string, messageId: string): void {
		this.of(processId).failed.set(id, messageId);
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
	 * @throws ActionableError when the portal does not take it; it stays pending
	 */
	async flush(queue: Pick<OfflineQueue, 'acknowledge' | 'moveToFailed'>): Promise<void> {
		for (const [processId, records] of [...this.pending]) {
			const ids = [...records.acknowledged];
			await queue.acknowledge(processId, ids);
			for (const id of ids) records.acknowledged.delete(id);
			const failed = [...records.failed];
			await queue.moveToFailed(
				processId,
				failed.map(([, messageId]) => messageId),
			);
			for (const [id] of failed) records.failed.delete(id);
			// Meanwhile another flush may have sent it, and more may have been noted since.
			const isEmpty = records.acknowledged.size + records.failed.size === 0;
			if (isEmpty && this.pending.get(processId) === records) this.pending.delete(processId);
		}
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
 *
 * @param connection the portal, and the app: each has queues of its own, and acknowledges nothing in another's
 * @param connector the queue's name, null for the one that everything without a name shares
 */
export function pendingAcksOf(
	{ memberId, clientId }: Pick<Connection, 'memberId' | 'clientId'>,
	connector: string | null,
): PendingAcks {
	const key = JSON.stringify([memberId, clientId, connector]);
	const pending = processState.pendingAcks.get(key) ?? new Map<string, PendingRecords>();
	processState.pendingAcks.set(key, pending);
	return new PendingAcks(pending);
}
