import type { ActionableError } from '../api/errors';
import { isBadRequest } from '../api/retry';
import type { FailedRecord, PendingRecords } from '../n8n/processState';
import { processState } from '../n8n/processState';
import type { OfflineQueue } from './offlineQueueApi';

type AckQueue = Pick<OfflineQueue, 'acknowledge' | 'moveToFailed' | 'findSuperseded'>;
type OnMoved = (record: FailedRecord, isSuperseded: boolean) => void;

/** What the portal refuses to take of one reservation, however often. */
export interface Refusal {
	processId: string;
	error: ActionableError;
}

// Each is tried again at every flush; and a portal that refuses more than these refuses all.
const maxRefused = 5;

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
	 * Sends everything that is pending. Sending it again is harmless. What the portal refuses of one reservation stays pending,
	 * and holds up neither the others nor, as long as it is little, the queue.
	 *
	 * @param queue the queue that the records lie in
	 * @param onMoved told of each record that was moved to failed, or was acknowledged in place of that
	 * @returns what was refused for the first time
	 * @throws ActionableError when the portal takes nothing at the moment, or refuses too much; it stays pending
	 */
	async flush(queue: AckQueue, onMoved: OnMoved): Promise<Refusal[]> {
		const refused: Array<Refusal & { records: PendingRecords }> = [];
		for (const [processId, records] of [...this.pending]) {
			const send = async () => {
				const ids = [...records.acknowledged];
				await queue.acknowledge(processId, ids);
				for (const id of ids) records.acknowledged.delete(id);
				await this.flushFailed(queue, processId, records, onMoved);
				// Meanwhile another flush may have sent it, and more may have been noted since.
				const isEmpty = records.acknowledged.size + records.failed.size === 0;
				if (isEmpty && this.pending.get(processId) === records) this.pending.delete(processId);
			};
			const error = await refusalOf(send());
			if (error === null) continue;
			refused.push({ processId, error, records });
			if (refused.length > maxRefused) throw error;
		}
		const news = refused.filter(({ records }) => !records.isRefused);
		for (const { records } of news) records.isRefused = true;
		return news;
	}

	/**
	 * The portal keeps one record of an object that is not reserved. Where a newer one waits it would be lost with the failed
	 * one, so the failed one is acknowledged: the newer one stands for it.
	 */
	private async flushFailed(
		queue: AckQueue,
		processId: string,
		records: PendingRecords,
		onMoved: OnMoved,
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

/** What the portal refuses of this call alone, null when it takes it. What else goes wrong is thrown. */
export async function refusalOf(sending: Promise<void>): Promise<ActionableError | null> {
	return await sending.then(
		() => null,
		(error: unknown) => {
			if (isBadRequest(error)) return error;
			throw error;
		},
	);
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
