import { getEventListeners } from 'node:events';

import { sleep } from '../../../../nodes/Bitrix24/n8n/timing.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('sleep', () => {
	it('ends at once when the node closes, and leaves no timer', async () => {
		const node = new AbortController();
		const ended = jest.fn();
		void sleep(60_000, node.signal).then(ended);
		await jest.advanceTimersByTimeAsync(10);
		expect(ended).not.toHaveBeenCalled();
		node.abort();
		await jest.advanceTimersByTimeAsync(0);
		expect(ended).toHaveBeenCalled();
		expect(jest.getTimerCount()).toBe(0);
	});

	it('does not even begin once the node is closed', async () => {
		await sleep(60_000, AbortSignal.abort());
		expect(jest.getTimerCount()).toBe(0);
	});

	it("leaves nothing behind on the node's signal, however long that lives", async () => {
		const { signal } = new AbortController();
		void sleep(5, signal);
		expect(getEventListeners(signal, 'abort')).toHaveLength(1);
		await jest.advanceTimersByTimeAsync(5);
		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});
});
