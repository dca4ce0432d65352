/**
 * The reservations whose records this process is running. They outlive the trigger: when a workflow is saved while it
 * runs, n8n closes its trigger and opens a new one, which must not take the running records for left over.
 */
const reservations = new Set<string>();

/** Whether this process is running records of a reservation. */
export function isInFlight(processId: string): boolean {
	return reservations.has(processId);
}

/** Runs records of a reservation, unless another trigger of this process, which shares the queue, is running them. */
export async function inFlight(processId: string, work: () => Promise<void>): Promise<void> {
	if (reservations.has(processId)) return;
	reservations.add(processId);
	await work().finally(() => reservations.delete(processId));
}
