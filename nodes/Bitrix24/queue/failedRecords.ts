import { isSelected } from '../event/codes';
import type { FailedRecord } from '../n8n/processState';
import type { Batch, ListedFailure } from './queueRows';
import type { QueueSession } from './setup';

// The portal refreshes the record that lies in failed when its object changes again, instead of making a new one, and
// hands it to nobody. So whoever moved it there has to look whether it has changed.

const pageSize = 50;
const maxPages = 40;
const comesBackAfterMs = 3_600_000;

type Session = Pick<QueueSession, 'queue' | 'memory' | 'isExclusive' | 'events' | 'retries'>;

/** Notes that a record was moved to failed. */
export function noteMoved({ memory }: Pick<Session, 'memory'>, { messageId }: FailedRecord): void {
	memory.failed.set(messageId, null);
}

/** Notes the time stamps of what was moved to failed just now: from then on a later one says that the object has changed. */
export async function noteTimestamps({ queue, memory }: Pick<Session, 'queue' | 'memory'>): Promise<void> {
	const moved = [...memory.failed].flatMap(([messageId, timestamp]) => (timestamp === null ? [messageId] : []));
	if (moved.length === 0) return;
	for (const { messageId, timestamp } of await queue.findFailed(moved)) memory.failed.set(messageId, timestamp);
	// What is not listed is gone.
	for (const messageId of moved) if (memory.failed.get(messageId) === null) memory.failed.delete(messageId);
}

/**
 * Counts what was moved to failed of the trigger's events, 2,000 at most, and notes the time stamps of what nobody but this
 * trigger can have moved.
 */
export async function countFailed({
	queue,
	memory,
	isExclusive,
	events,
}: Pick<Session, 'queue' | 'memory' | 'isExclusive' | 'events'>): Promise<number> {
	let count = 0;
	for (let page = 0; page < maxPages; page++) {
		const rows = await queue.listFailed(page * pageSize);
		for (const { messageId, timestamp } of isExclusive ? rows : []) {
			if (typeof memory.failed.get(messageId) !== 'string') memory.failed.set(messageId, timestamp);
		}
		count += rows.filter(({ event }) => isExclusive || isSelected(event, events)).length;
		if (rows.length < pageSize) break;
	}
	return count;
}

/**
 * Reserves what was moved to failed and has changed since, each record by itself, and each once an hour at most. In a
 * queue that others use, only what this process has moved. Each is reserved when it is asked for.
 *
 * @param now on the clock of elapsed time
 */
export async function* reserveChanged(session: Session, now: number): AsyncGenerator<Batch> {
	const { queue, memory, retries } = session;
	if (memory.failed.size === 0) return;
	for (const { id, messageId } of await changed(session)) {
		if (now - (memory.cameBackAt.get(messageId) ?? -Infinity) < comesBackAfterMs) continue;
		// Before the call: it may succeed although its answer is lost, and what is recovered then has to run.
		retries.beginAnew([id]);
		const batch = await queue.reserve({ limit: 1, event: null, failed: true, messageId });
		memory.failed.delete(messageId);
		memory.cameBackAt.set(messageId, now);
		yield batch;
	}
}

async function changed({ queue, memory, isExclusive }: Session): Promise<ListedFailure[]> {
	const hasChanged = ({ messageId, timestamp }: ListedFailure) => {
		const known = memory.failed.get(messageId);
		return typeof known === 'string' && known !== timestamp;
	};
	const found: ListedFailure[] = [];
	if (!isExclusive) {
		return (await queue.findFailed([...memory.failed.keys()])).filter(hasChanged);
	}
	// The last change comes first: behind a page without one there is none.
	for (let page = 0; page < maxPages; page++) {
		const rows = await queue.listFailed(page * pageSize);
		const here = rows.filter(hasChanged);
		found.push(...here);
		if (page === 0 && rows.length < pageSize) keepOnly(memory.failed, rows);
		if (here.length === 0 || rows.length < pageSize) break;
	}
	return found;
}

/** Forgets what somebody else has taken out of failed. */
function keepOnly(failed: QueueSession['memory']['failed'], rows: readonly ListedFailure[]): void {
	const listed = new Set(rows.map(({ messageId }) => messageId));
	for (const messageId of failed.keys()) if (!listed.has(messageId)) failed.delete(messageId);
}

/** Says in words how much was moved to failed. */
export function describeFailed(count: number): string {
	return count === 1
		? '1 event lies aside in Bitrix24, because the workflow did not succeed with it. The option "Retry Errors" takes it up again at the next activation.'
		: `${count} events lie aside in Bitrix24, because the workflow did not succeed with them. The option "Retry Errors" takes them up again at the next activation.`;
}
