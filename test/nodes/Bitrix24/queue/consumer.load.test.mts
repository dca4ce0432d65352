import { consuming, pass, stationOf } from './queueWorld.mjs';

const minute = 60_000;
// LOAD_EVENTS=10000 for as many as a day of a large portal has.
const count = Number(process.env.LOAD_EVENTS ?? 1_250);
beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Events wait, and every run fails for so many minutes; then all succeed. */
async function broken(minutes: number) {
	const station = stationOf({ maxAttempts: 5 });
	station.portal.queue(Array.from({ length: count }, (_, index) => index + 1));
	let isBroken = true;
	const done = new Set<string>();
	station.end.of = (ids) => {
		if (!isBroken) for (const id of ids) done.add(id);
		return isBroken ? 'failed' : 'succeeded';
	};
	consuming(station, { settings: { batchSize: 50 } });
	const callsAMinute: number[] = [];
	for (let passed = 0; passed < minutes; passed++) {
		const before = station.portal.calls.length;
		await pass(minute);
		callsAMinute.push(station.portal.calls.length - before);
	}
	isBroken = false;
	let minutesUntilDone = 0;
	for (; station.left().length > 0 && minutesUntilDone < 300; minutesUntilDone++) await pass(minute);
	return { callsAMinute, done, minutesUntilDone, aside: station.aside(), waiting: station.ready.memory.waiting.size };
}

describe('thousands of events while every run fails', () => {
	it('cost few calls of the portal, and all run once the workflow is mended', async () => {
		const { callsAMinute, done, minutesUntilDone, aside, waiting } = await broken(30);
		const megabytes = Math.round(process.memoryUsage().heapUsed / 2 ** 20);
		const most = Math.max(...callsAMinute.slice(1));
		console.info(
			`${callsAMinute[0]} calls in the first minute, ${most} at most in another; all have run ${minutesUntilDone} minutes after; ${megabytes} MB of heap`,
		);
		expect([done.size, aside, waiting]).toEqual([count, [], 0]);
		// The portal grants 120 a minute.
		expect(Math.max(callsAMinute[0] ?? Infinity, most)).toBeLessThan(80);
		expect(minutesUntilDone).toBeLessThanOrEqual(33);
	}, 60_000);
});
