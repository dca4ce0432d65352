import { isSelected } from '../event/codes';
import { pause } from '../n8n/timing';
import type { QueueSettings } from '../settings/settings';
import type { ReservedRecord } from './offlineQueueApi';
import type { Outage } from './outage';
import type { Handling } from './processBatch';
import { handle, isInFlight } from './processBatch';
import type { ReadyQueue } from './setup';

/** What a queue is consumed with. */
export interface Consuming {
	settings: QueueSettings;
	handling: Handling;
	outage: Outage;
	/** Makes the queue ready again after an outage: meanwhile the app may have been reinstalled, or the credential changed. */
	prepare(): Promise<ReadyQueue>;
}

/**
 * Reads the queue until the node closes: what was left over first, then what waits, then a rest. No failure ends it.
 *
 * @param first the queue as it was made ready at activation
 */
export async function consume(first: ReadyQueue, { settings, handling, outage, prepare }: Consuming): Promise<void> {
	const { signal, now } = handling;
	const { batchSize, retryErrors } = settings;
	const rest = settings.checkEverySeconds * 1000;
	const reservations = new Set<string>();
	let ready: ReadyQueue | null = first;
	let isStarting = true;
	// Whether reservations may lie there that answers were lost of, so that nobody knows whose they are.
	let mayKnowTooLittle = true;
	let lookedAt = -Infinity;

	async function check(current: ReadyQueue): Promise<boolean> {
		await current.settlements.flush(current.queue);
		// While batch follows batch, an unsuccessful one waits no less for its next run than it does in quiet times.
		if (current.canReserve && now() - lookedAt >= rest) {
			if (isStarting && retryErrors) await reserveErrors(current, reservations, batchSize);
			await takeUpLeftOvers(current, handling, { reservations, ofAnybody: mayKnowTooLittle, retryErrors, batchSize });
			isStarting = false;
			mayKnowTooLittle = false;
			lookedAt = now();
		}
		return await drain(current, handling, { batchSize, reservations });
	}

	while (!signal.aborted) {
		try {
			ready ??= await prepare();
			const isMoreWaiting = await check(ready);
			outage.over();
			if (!isMoreWaiting) await pause(rest, signal);
		} catch (error) {
			if (signal.aborted) return;
			ready = null;
			mayKnowTooLittle = true;
			await pause(outage.note(error), signal);
		}
	}
}

// After so many full batches in a row, reservations that wait for another run get their turn.
const mostRounds = 20;

/**
 * Handles what waits in the queue, one batch after the other as long as they are full. In a queue that others use, the
 * selected events take turns, so that none waits for the end of another that comes in masses.
 *
 * @param reservations where the reservations that are made are noted
 * @returns whether more is waiting
 * @throws Refusal when the portal refuses or does not answer
 */
export async function drain(
	ready: ReadyQueue,
	handling: Handling,
	{ batchSize: limit, reservations }: { batchSize: number; reservations: Set<string> },
): Promise<boolean> {
	const { queue, isOwn, events } = ready;
	// In a queue of the trigger's own everything is its own; from a shared one only the selected events are taken.
	let full: ReadonlyArray<string | null> = isOwn ? [null] : events;
	for (let round = 0; round < mostRounds; round++) {
		const stillFull: Array<string | null> = [];
		for (const event of full) {
			if (handling.signal.aborted) return false;
			const batch = handling.isOnReceipt ? await queue.take({ limit, event }) : await queue.reserve({ limit, event });
			if (batch.processId !== null) reservations.add(batch.processId);
			await handle(batch, ready, handling);
			if (batch.records.length >= limit) stillFull.push(event);
		}
		if (stillFull.length === 0) return false;
		full = stillFull;
	}
	return true;
}

/** Which reservations to take up. */
export interface LeftOvers {
	/**
	 * Reservations that this trigger has made or taken up. Those that it takes up are added: they are its own from then on;
	 * those of which nothing is left go.
	 */
	reservations: Set<string>;
	/** Whether to take up those of others in a shared queue as well: nobody can tell whose they are. */
	ofAnybody: boolean;
	/** Whether to take up records that were put aside before. */
	retryErrors: boolean;
	batchSize: number;
}

/**
 * Takes up what was reserved and never confirmed, because a run was unsuccessful, n8n was killed, or the portal's answer
 * was lost: in the order in which it was queued, each reservation once.
 *
 * @throws Refusal when the portal refuses or does not answer
 */
export async function takeUpLeftOvers(ready: ReadyQueue, handling: Handling, leftOvers: LeftOvers): Promise<void> {
	const { queue, events, isOwn } = ready;
	const { signal, attempts } = handling;
	const { reservations, ofAnybody, retryErrors, batchSize } = leftOvers;
	const tried = new Set<string>();
	const listed = new Set<string>();
	const isDue = ({ id, processId, event, isAside }: ReservedRecord): boolean =>
		!tried.has(processId) &&
		!isInFlight(processId) &&
		(isOwn || ((ofAnybody || reservations.has(processId)) && isSelected(event, events))) &&
		(!isAside || (retryErrors && !attempts.isGivenUp(id)));

	async function takeUp({ processId, isAside }: ReservedRecord): Promise<void> {
		let afterId = '0';
		let size = batchSize;
		while (size >= batchSize && !signal.aborted) {
			const batch = await queue.reserved(processId, { limit: batchSize, aside: isAside, afterId });
			size = batch.records.length;
			afterId = batch.records.at(-1)?.ID ?? afterId;
			await handle(batch, ready, handling);
		}
	}

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
		reservations.add(due.processId);
		await takeUp(due);
	}
	for (const processId of reservations) if (!listed.has(processId)) reservations.delete(processId);
}

/**
 * Reserves every record that was put aside, so that it is taken up as what a run has left over.
 *
 * @param reservations where the reservations that are made are noted
 * @throws Refusal when the portal refuses or does not answer
 */
export async function reserveErrors(
	{ queue, isOwn, events }: Pick<ReadyQueue, 'queue' | 'isOwn' | 'events'>,
	reservations: Set<string>,
	limit: number,
): Promise<void> {
	for (const event of isOwn ? [null] : events) {
		for (;;) {
			const { processId, records } = await queue.reserve({ limit, event, aside: true });
			if (processId !== null) reservations.add(processId);
			if (records.length < limit) break;
		}
	}
}
