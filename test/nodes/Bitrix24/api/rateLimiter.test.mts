import fc from 'fast-check';

import { createRateLimiter } from '../../../../nodes/Bitrix24/api/rateLimiter.js';

/** A clock that only sleeping and the test move. */
function clockedLimiter() {
	const clock = { now: 1_000_000, slept: [] as number[] };
	const limiter = createRateLimiter(() => clock.now);
	const sleep = async (milliseconds: number) => {
		clock.slept.push(milliseconds);
		clock.now += milliseconds;
	};
	return { clock, limiter, call: async () => await limiter.wait(sleep) };
}

const never = async () => {
	throw new Error('It waits');
};

async function times(count: number, call: () => Promise<void>): Promise<void> {
	for (let index = 0; index < count; index++) await call();
}

describe('createRateLimiter', () => {
	it('lets fifteen calls through at first, and then 1.9 a second', async () => {
		const { clock, call } = clockedLimiter();
		await times(15, call);
		expect(clock.slept).toEqual([]);
		await times(3, call);
		expect(clock.slept.map(Math.round)).toEqual([526, 526, 526]);
	});

	it('lets as many through again as time has passed', async () => {
		const { clock, call } = clockedLimiter();
		await times(15, call);
		clock.now += 10_000;
		await times(19, call);
		expect(clock.slept).toEqual([]);
		await call();
		expect(clock.slept).toHaveLength(1);
	});

	it('saves up no more than forty calls', async () => {
		const { clock, call } = clockedLimiter();
		clock.now += 3_600_000;
		await times(40, call);
		expect(clock.slept).toEqual([]);
		await call();
		expect(clock.slept).toHaveLength(1);
	});

	it('lets those wait longer that come while others wait', async () => {
		const { limiter } = clockedLimiter();
		const waits: number[] = [];
		const asleep = async (milliseconds: number) => void waits.push(Math.round(milliseconds));
		for (let index = 0; index < 18; index++) await limiter.wait(asleep);
		expect(waits).toEqual([526, 1053, 1579]);
	});

	describe('a call that lets others go first', () => {
		it('takes a place at once where there is one, and counts', async () => {
			const { clock, limiter, call } = clockedLimiter();
			for (let index = 0; index < 15; index++) expect(await limiter.takeSpare(never, 0)).toBe(true);
			expect(await limiter.takeSpare(never, 0)).toBe(false);
			await call();
			expect(clock.slept.map(Math.round)).toEqual([526]);
		});

		it('waits for a place that nobody else waits for, and not for longer than it may', async () => {
			const { clock, limiter } = clockedLimiter();
			const asleep = async () => undefined;
			for (let index = 0; index < 17; index++) await limiter.wait(asleep);
			const sleep = async (milliseconds: number) => {
				clock.now += milliseconds;
				// Meanwhile one more has come, who does not have to let anybody go first.
				if (clock.slept.push(milliseconds) === 1) await limiter.wait(asleep);
			};
			expect(await limiter.takeSpare(never, 1_578)).toBe(false);
			expect(await limiter.takeSpare(sleep, 2_200)).toBe(true);
			expect(clock.slept).toEqual([1_579, 527]);
		});
	});

	it('gives nothing for a clock that was set back', async () => {
		const { clock, call } = clockedLimiter();
		await times(15, call);
		clock.now -= 60_000;
		await call();
		expect(clock.slept.map(Math.round)).toEqual([526]);
	});

	it("never overflows the portal's bucket, even one that an earlier process has filled to 35", async () => {
		const idle = fc.array(fc.nat({ max: 20_000 }), { minLength: 1, maxLength: 200 });
		await fc.assert(
			fc.asyncProperty(idle, fc.nat({ max: 60 }), async (pauses, burst) => {
				const { clock, call } = clockedLimiter();
				let level = 35;
				let at = clock.now;
				const count = async () => {
					await call();
					// The portal's rule: 50 calls, of which 2 a second are forgotten.
					level = Math.max(0, level - ((clock.now - at) / 1000) * 2) + 1;
					at = clock.now;
					expect(level).toBeLessThanOrEqual(50);
				};
				for (const pause of pauses) {
					clock.now += pause;
					await times(pause % 5 === 0 ? burst : 1, count);
				}
			}),
		);
	});
});
