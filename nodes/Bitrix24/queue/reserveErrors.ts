import type { ReadyQueue } from './prepare';

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
