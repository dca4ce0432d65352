import { sleep, withTimeout } from '../../../../nodes/Bitrix24/n8n/timing.js';
import { fakeTimeouts } from '../../../fakes/fakeTimeouts.mjs';

/** What has become of a promise by now. */
function watch(promise: Promise<unknown>): { settled: string | null } {
	const state: { settled: string | null } = { settled: null };
	promise.then(
		(value) => (state.settled = String(value)),
		(error: unknown) => (state.settled = String(error)),
	);
	return state;
}

const never = new Promise<string>(() => {});

beforeEach(() => {
	jest.useFakeTimers();
	fakeTimeouts();
});
afterEach(() => {
	jest.restoreAllMocks();
	jest.useRealTimers();
});

describe('withTimeout', () => {
	it('returns what work returns, and throws what it throws', async () => {
		expect(await withTimeout(Promise.resolve('done'), 1_000)).toBe('done');
		await expect(withTimeout(Promise.reject(new Error('broken')), 1_000)).rejects.toThrow('broken');
	});

	it('gives work up that takes longer than it may', async () => {
		const waiting = watch(withTimeout(never, 1_000));
		await jest.advanceTimersByTimeAsync(999);
		expect(waiting.settled).toBeNull();
		await jest.advanceTimersByTimeAsync(1);
		expect(waiting.settled).toBe('Error: ETIMEDOUT');
	});

	it('gives work up when the node closes', async () => {
		const node = new AbortController();
		const waiting = watch(withTimeout(never, 1_000, node.signal));
		await jest.advanceTimersByTimeAsync(10);
		expect(waiting.settled).toBeNull();
		node.abort();
		await jest.advanceTimersByTimeAsync(0);
		expect(waiting.settled).toBe('Error: ETIMEDOUT');
	});

	it('does not begin to wait once the node is closed', async () => {
		await expect(withTimeout(never, 1_000, AbortSignal.abort())).rejects.toThrow('ETIMEDOUT');
	});

	it('leaves nothing behind on the signal of the node, however long that lives', async () => {
		const { signal } = new AbortController();
		const added = jest.spyOn(signal, 'addEventListener');
		const removed = jest.spyOn(signal, 'removeEventListener');
		await withTimeout(Promise.resolve(), 1_000, signal);
		const listeners = ({ mock }: typeof added | typeof removed) =>
			mock.calls.map(([type, listener]) => [type, listener]);
		expect(listeners(removed)).toEqual(listeners(added));
		expect(added).toHaveBeenCalledTimes(1);
	});

	it('drops what comes of work that was given up', async () => {
		let fail: (error: Error) => void = () => {};
		const work = new Promise((_, reject) => (fail = reject));
		const waiting = watch(withTimeout(work, 1_000));
		await jest.advanceTimersByTimeAsync(1_000);
		fail(new Error('too late'));
		await jest.advanceTimersByTimeAsync(0);
		expect(waiting.settled).toBe('Error: ETIMEDOUT');
	});
});

/** Tells whether a promise has settled by now. */
function watchEnd(promise: Promise<void>): { hasEnded: boolean } {
	const state = { hasEnded: false };
	void promise.then(() => (state.hasEnded = true));
	return state;
}

describe('sleep', () => {
	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	it('waits as long as asked', async () => {
		const waiting = watchEnd(sleep(1_000, new AbortController().signal));
		await jest.advanceTimersByTimeAsync(999);
		expect(waiting.hasEnded).toBe(false);
		await jest.advanceTimersByTimeAsync(1);
		expect(waiting.hasEnded).toBe(true);
	});

	it('ends at once when the node closes', async () => {
		const node = new AbortController();
		const waiting = watchEnd(sleep(60_000, node.signal));
		await jest.advanceTimersByTimeAsync(10);
		expect(waiting.hasEnded).toBe(false);
		node.abort();
		await jest.advanceTimersByTimeAsync(0);
		expect(waiting.hasEnded).toBe(true);
		expect(jest.getTimerCount()).toBe(0);
	});

	it('does not even begin once the node is closed', async () => {
		const waiting = watchEnd(sleep(60_000, AbortSignal.abort()));
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
