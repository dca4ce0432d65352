import { sleep } from '../../../../nodes/Bitrix24/n8n/timing.js';

/** Tells whether a promise has settled by now. */
function watch(promise: Promise<void>): { hasEnded: boolean } {
	const state = { hasEnded: false };
	void promise.then(() => (state.hasEnded = true));
	return state;
}

describe('pause', () => {
	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	it('waits as long as asked', async () => {
		const waiting = watch(sleep(1_000, new AbortController().signal));
		await jest.advanceTimersByTimeAsync(999);
		expect(waiting.hasEnded).toBe(false);
		await jest.advanceTimersByTimeAsync(1);
		expect(waiting.hasEnded).toBe(true);
	});

	it('ends at once when the node closes', async () => {
		const node = new AbortController();
		const waiting = watch(sleep(60_000, node.signal));
		await jest.advanceTimersByTimeAsync(10);
		expect(waiting.hasEnded).toBe(false);
		node.abort();
		await jest.advanceTimersByTimeAsync(0);
		expect(waiting.hasEnded).toBe(true);
		expect(jest.getTimerCount()).toBe(0);
	});

	it('does not even begin once the node is closed', async () => {
		const waiting = watch(sleep(60_000, AbortSignal.abort()));
		await jest.advanceTimersByTimeAsync(0);
		expect(waiting.hasEnded).toBe(true);
		expect(jest.getTimerCount()).toBe(0);
	});

	it("leaves nothing behind on the node's signal, however long that lives", async () => {
		const { signal } = new AbortController();
		const added = jest.spyOn(signal, 'addEventListener');
		const removed = jest.spyOn(signal, 'removeEventListener');
		void sleep(5, signal);
		await jest.advanceTimersByTimeAsync(5);
		expect(removed.mock.calls.map(([type, listener]) => [type, listener])).toEqual(
			added.mock.calls.map(([type, listener]) => [type, listener]),
		);
		expect(added).toHaveBeenCalledTimes(1);
	});
});
