/**
 * Works on items in their order, several at a time.
 *
 * @param width how many at a time
 * @param signal once it is aborted, no further item is begun
 */
export async function eachOf<T>(
	items: readonly T[],
	width: number,
	signal: AbortSignal,
	work: (item: T) => Promise<void>,
): Promise<void> {
	const rest = items.values();
	async function worker(): Promise<void> {
		for (const item of rest) {
			if (signal.aborted) return;
			await work(item);
		}
	}
	await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}
