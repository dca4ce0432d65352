import type { Connection } from '../connection/oauth2';
import type { OfflineQueue } from './offlineQueueApi';

/** What the portal has still to be told, by reservation. */
interface Pending {
	/** Ids of records that are handled. */
	confirmed: Set<string>;
	/** Records that failed for good: message id by record id. */
	aside: Map<string, string>;
}

/**
 * Tells the portal what became of records, and keeps what it could not tell until it can: a record whose confirmation is
 * still owed must not run again.
 */
export class PendingAcks {
	private readonly owed = new Map<string, Pending>();

	/** Notes that these records are handled. */
	acknowledge(processId: string, ids: readonly string[]): void {
		for (const id of ids) this.of(processId).confirmed.add(id);
	}

	/** Notes that this record failed for good. */
	moveToFailed(processId: string, id: string, messageId: string): void {
		this.of(processId).aside.set(id, messageId);
	}

	/** Whether the portal has still to be told about this record. */
	has(processId: string, id: string): boolean {
		const owed = this.owed.get(processId);
		return owed !== undefined && (owed.confirmed.has(id) || owed.aside.has(id));
	}

	/**
	 * Tells everything that is owed. Repeating what the portal has heard already is harmless.
	 *
	 * @param queue the queue that the records lie in
	 * @throws Refusal when the portal can not be told; it stays owed
	 */
	async flush(queue: Pick<OfflineQueue, 'acknowledge' | 'moveToFailed'>): Promise<void> {
		for (const [processId, owed] of [...this.owed]) {
			const ids = [...owed.confirmed];
			await queue.acknowledge(processId, ids);
			for (const id of ids) owed.confirmed.delete(id);
			const failed = [...owed.aside];
			await queue.moveToFailed(
				processId,
				failed.map(([, messageId]) => messageId),
			);
			for (const [id] of failed) owed.aside.delete(id);
			// Meanwhile another flush may have told it, and more have been noted since.
			const isTold = owed.confirmed.size + owed.aside.size === 0;
			if (isTold && this.owed.get(processId) === owed) this.owed.delete(processId);
		}
	}

	private of(processId: string): Pending {
		const owed = this.owed.get(processId) ?? { confirmed: new Set(), aside: new Map() };
		this.owed.set(processId, owed);
		return owed;
	}
}

const byQueue = new Map<string, PendingAcks>();

/**
 * The settlements of one queue. They outlive the trigger: when a workflow is saved while the portal does not answer, the
 * trigger that n8n opens next still knows what is owed.
 *
 * @param connection the portal, and the app: each has queues of its own, and confirms nothing in another's
 * @param connector the queue's name, null for the one that everything without a name shares
 */
export function pendingAcksOf(
	{ memberId, clientId }: Pick<Connection, 'memberId' | 'clientId'>,
	connector: string | null,
): PendingAcks {
	const key = JSON.stringify([memberId, clientId, connector]);
	const pendingAcks = byQueue.get(key) ?? new PendingAcks();
	byQueue.set(key, pendingAcks);
	return pendingAcks;
}
