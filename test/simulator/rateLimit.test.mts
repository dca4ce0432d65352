import fc from 'fast-check';
import { Clock } from '../../simulator/portal/clock.mjs';
import { LeakyBucket } from '../../simulator/rest/leakyBucket.mjs';
import { clientFor } from './client.mjs';
import { useSimulator } from './useSimulator.mjs';

const portal = useSimulator({ now: () => 1_750_000_000_000, rate: { perSecond: 2, burst: 50 } });

describe('the rate limit', () => {
	it('lets a burst of 50 calls pass and refuses the next, which then has no effect', async () => {
		const call = clientFor(portal.sim);
		const replies = await Promise.all(Array.from({ length: 50 }, () => call('server.time')));
		expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
		expect(await call('crm.lead.delete', { id: 1 })).toMatchObject({ status: 503, error: 'QUERY_LIMIT_EXCEEDED' });
		expect([portal.sim.rateLimited, portal.sim.leads.list().length]).toEqual([1, 3]);
	});

	it('lets two more pass after a second', async () => {
		const call = clientFor(portal.sim);
		await Promise.all(Array.from({ length: 60 }, () => call('server.time')));
		portal.sim.advance(1000);
		const statuses = [];
		for (let count = 0; count < 3; count++) statuses.push((await call('server.time')).status);
		expect(statuses).toEqual([200, 200, 503]);
	});

	it('can be raised while the portal runs', async () => {
		portal.sim.rate = { perSecond: 5, burst: 250 };
		const call = clientFor(portal.sim);
		await Promise.all(Array.from({ length: 200 }, () => call('server.time')));
		expect(portal.sim.rateLimited).toBe(0);
	});
});

describe('LeakyBucket', () => {
	it('never admits more than the burst and what has leaked since', () => {
		const rate = { perSecond: 2, burst: 5 };
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 100 }), (pauses) => {
				const clock = new Clock(() => 0);
				const bucket = new LeakyBucket(clock);
				let admitted = 0;
				for (const pause of pauses) {
					clock.advance(pause);
					if (bucket.admit('127.0.0.1', rate)) admitted++;
					expect(admitted).toBeLessThanOrEqual(rate.burst + (clock.now() / 1000) * rate.perSecond + 1e-6);
				}
			}),
		);
	});

	it('counts every source for itself', () => {
		const bucket = new LeakyBucket(new Clock(() => 0));
		const rate = { perSecond: 2, burst: 1 };
		expect([bucket.admit('a', rate), bucket.admit('a', rate), bucket.admit('b', rate)]).toEqual([true, false, true]);
	});
});
