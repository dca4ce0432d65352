import { refusalOf } from './pendingAcks';
import type { Batch, StrangeRecord } from './queueRows';
import type { QueueSession } from './setup';

/** Reports a record that is not in the documented form. */
export type ReportStrange = (record: StrangeRecord, whatBecameOfIt: 'moved' | 'reserved' | 'deleted') => void;

/** Names a record that stays reserved and is left alone. */
export function leftAloneKey(processId: string, id: string | null): string {
	return `${processId}:${id}`;
}

/**
 * Moves records to failed that are not in the documented form, so that they hold up nobody. Where a record has no message
 * id, or the portal does not understand it, it stays reserved and is left alone. Each is named once.
 */
export async function moveStrange(
	processId: string,
	{ strange, isFailed }: Batch,
	{ queue, memory }: QueueSession,
	onStrange: ReportStrange,
): Promise<void> {
	for (const record of strange) {
		const { id, messageId } = record;
		const leftAlone = leftAloneKey(processId, id);
		const name = messageId ?? leftAlone;
		const isNamed = memory.strange.has(name);
		// The portal moves nothing to failed twice.
		const isMoved =
			!isFailed && messageId !== null && (await refusalOf(queue.moveToFailed(processId, [messageId]))) === null;
		memory.strange.set(name, true);
		if (!isMoved) memory.strange.set(leftAlone, true);
		if (!isNamed) onStrange(record, isMoved ? 'moved' : 'reserved');
	}
}
