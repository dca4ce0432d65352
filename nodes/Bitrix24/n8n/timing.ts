import { sleep as n8nSleep } from 'n8n-workflow';

/**
 * Waits, and ends at once when the node closes.
 *
 * @param signal the node's end
 */
export async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
	if (signal === undefined) return await n8nSleep(milliseconds);
	if (signal.aborted) return;
	await new Promise<void>((resolve) => {
		const ending = new AbortController();
		const end = () => {
			signal.removeEventListener('abort', end);
			ending.abort();
			resolve();
		};
		signal.addEventListener('abort', end);
		// n8n 2.x ends its timer with it, so that nothing of a closed node stays; 1.x lets the timer run out.
		n8nSleep(milliseconds, ending.signal).then(end, end);
	});
}

/**
 * Whether something happened within the time before now. What lies ahead happened before the clock was set back: when, nobody
 * can say, and it is long ago.
 *
 * @param then epoch milliseconds; undefined for never
 */
export function isWithin(then: number | undefined, milliseconds: number, now: number): boolean {
	return then !== undefined && then <= now && now - then < milliseconds;
}

/**
 * Waits for work, but no longer than it may take, and not beyond the node's end. What still comes of it is dropped: n8n
 * waits for an authorization server for five minutes, and has no way to end that.
 *
 * @param work what to wait for
 * @param milliseconds how long it may take
 * @param closing the node's end
 * @throws Error ETIMEDOUT, or what the work throws
 */
export async function withTimeout<T>(work: Promise<T>, milliseconds: number, closing?: AbortSignal): Promise<T> {
	const ends = [AbortSignal.timeout(milliseconds), ...(closing ? [closing] : [])];
	const settled = new AbortController();
	const tooLate = new Promise<never>((_, reject) => {
		const giveUp = () => reject(new Error('ETIMEDOUT'));
		for (const end of ends) end.addEventListener('abort', giveUp, { signal: settled.signal });
		if (closing?.aborted) giveUp();
	});
	try {
		return await Promise.race([work, tooLate]);
	} finally {
		settled.abort();
	}
}
