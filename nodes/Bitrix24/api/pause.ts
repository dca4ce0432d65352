import { sleep } from 'n8n-workflow';

/**
 * Waits, and ends at once when the node closes.
 *
 * @param milliseconds how long
 * @param signal the node's end
 */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
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
		sleep(milliseconds, ending.signal).then(end, end);
	});
}
