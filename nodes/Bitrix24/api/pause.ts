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
		const end = () => {
			signal.removeEventListener('abort', end);
			resolve();
		};
		signal.addEventListener('abort', end);
		void sleep(milliseconds).then(end);
	});
}
