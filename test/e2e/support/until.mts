import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;
const PATIENCE_MS = 45_000;

/**
 * Waits for something that n8n or the portal does in the background.
 *
 * @param what for the message when it never comes, e.g. "the learning handler is gone"
 * @param look called until it returns something true
 * @returns what `look` returned
 * @throws after a generous while, with what `look` returned or threw last
 */
export async function until<T>(
	what: string,
	look: () => T | Promise<T>,
	patienceMs = PATIENCE_MS,
	pollMs = POLL_MS,
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
	const deadline = Date.now() + patienceMs;
	for (;;) {
		const seen = await look();
		if (seen) return seen as Exclude<T, false | null | undefined | 0 | ''>;
		if (Date.now() > deadline) throw new Error(`Waited ${patienceMs / 1000} seconds in vain until ${what}`);
		await sleep(pollMs);
	}
}
