import { whileInFlight, isInFlight } from '../../../../nodes/Bitrix24/queue/processBatch.js';

/** Work that ends when the test says so. */
function work() {
	let end = () => {};
	let fail: (error: Error) => void = () => {};
	const done = new Promise<void>((resolve, reject) => {
		end = resolve;
		fail = reject;
	});
	return { run: jest.fn(async () => await done), end, fail };
}

describe('inFlight', () => {
	it('knows a reservation as long as its records run, and no other', async () => {
		const { run, end } = work();
		expect(isInFlight('one')).toBe(false);
		const running = whileInFlight('one', run);
		expect([isInFlight('one'), isInFlight('two')]).toEqual([true, false]);
		end();
		await running;
		expect(isInFlight('one')).toBe(false);
	});

	it('forgets a reservation whose settling did not succeed, and says why', async () => {
		const { run, fail } = work();
		const running = whileInFlight('one', run);
		fail(new Error('The portal did not answer'));
		await expect(running).rejects.toThrow('The portal did not answer');
		expect(isInFlight('one')).toBe(false);
	});

	it('does not run a reservation that is running, and does not end it either', async () => {
		const [first, second] = [work(), work()];
		const running = whileInFlight('one', first.run);
		await whileInFlight('one', second.run);
		expect(second.run).not.toHaveBeenCalled();
		expect(isInFlight('one')).toBe(true);
		first.end();
		await running;
	});

	it('runs a reservation again that has ended', async () => {
		const again = jest.fn(async () => {});
		await whileInFlight('one', async () => {});
		await whileInFlight('one', again);
		expect(again).toHaveBeenCalledTimes(1);
	});
});
