import { drain } from './consumerSteps.mjs';
import { stationOf } from './queueWorld.mjs';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const reading = (batchSize: number) => ({ batchSize, reservations: new Set<string>() });

describe('drain', () => {
	it('handles one batch after the other, until one is not full', async () => {
		const { ready, handling, portal, runs } = stationOf();
		portal.queue(range(1, 5));
		expect(await drain(ready, handling, reading(2))).toBe(false);
		expect(runs).toEqual([['1', '2'], ['3', '4'], ['5']]);
		expect(portal.records()).toEqual([]);
		expect(portal.callsOf('event.offline.get')).toEqual(Array(3).fill({ limit: 2, error: 0, clear: 0 }));
	});

	it('asks once more after a full batch, which may have been the last', async () => {
		const { ready, handling, portal, runs } = stationOf();
		portal.queue([1, 2]);
		await drain(ready, handling, reading(2));
		expect(portal.callsOf('event.offline.get')).toHaveLength(2);
		expect(runs).toEqual([['1', '2']]);
	});

	it('starts nothing where nothing waits', async () => {
		const { ready, handling, portal, runs } = stationOf();
		expect(await drain(ready, handling, reading(2))).toBe(false);
		expect(runs).toEqual([]);
		expect(portal.calls).toHaveLength(1);
	});

	it('stops after twenty full batches, and says that more is waiting', async () => {
		const { ready, handling, portal, runs } = stationOf();
		portal.queue(range(1, 21));
		expect(await drain(ready, handling, reading(1))).toBe(true);
		expect(runs).toEqual(range(1, 20).map((id) => [String(id)]));
	});

	it('says that nothing more is waiting where the twentieth batch was not full', async () => {
		const { ready, handling, portal } = stationOf();
		portal.queue(range(1, 39));
		expect(await drain(ready, handling, reading(2))).toBe(false);
	});

	it('notes the reservations that it makes', async () => {
		const { ready, handling, portal } = stationOf();
		portal.queue([1]);
		const { reservations, batchSize } = reading(1);
		await drain(ready, handling, { reservations, batchSize });
		expect([...reservations]).toEqual(['process-1']);
	});

	it('goes no further when the portal refuses', async () => {
		const { ready, handling, portal, runs } = stationOf();
		portal.queue([1, 2]);
		portal.troubles.set(1, 'refused');
		await expect(drain(ready, handling, reading(1))).rejects.toThrow('Bitrix24 denied access');
		expect(runs).toEqual([]);
	});

	it('takes no more once the node closes', async () => {
		const { ready, handling, portal, runs, end, node } = stationOf();
		portal.queue(range(1, 3));
		end.of = () => {
			node.abort();
			return 'succeeded';
		};
		expect(await drain(ready, handling, reading(1))).toBe(false);
		expect(runs).toEqual([['1']]);
		expect(portal.callsOf('event.offline.get')).toHaveLength(1);
	});
});

describe('drain, on receipt', () => {
	it('lets the portal hand out for good', async () => {
		const { ready, handling, portal, runs } = stationOf({ handling: { isOnReceipt: true } });
		portal.queue(range(1, 3));
		const { reservations, batchSize } = reading(2);
		await drain(ready, handling, { reservations, batchSize });
		expect(runs).toEqual([['1', '2'], ['3']]);
		expect(portal.calls.map(({ parameters }) => parameters)).toEqual(Array(2).fill({ limit: 2, error: 0, clear: 1 }));
		expect([...reservations]).toEqual([]);
	});
});

describe('drain, of a queue that others use', () => {
	const events = ['ONCRMLEADADD', 'ONCRMLEADDELETE'];
	const shared = () => stationOf({ ready: { isExclusive: false, events }, handling: { events } });

	it('takes the selected events only', async () => {
		const { ready, handling, portal, runs, left } = shared();
		portal.queue([1]);
		portal.queue([2], { event: 'ONCRMDEALADD' });
		portal.queue([3], { event: 'ONCRMLEADADD' });
		await drain(ready, handling, reading(10));
		expect(runs).toEqual([['3'], ['1']]);
		expect(left()).toEqual(['2']);
		expect(portal.callsOf('event.offline.get').map(({ filter }) => filter)).toEqual(
			events.map((event) => ({ '=EVENT_NAME': event })),
		);
	});

	it('lets the events take turns, so that none waits for the end of another', async () => {
		const { ready, handling, portal, runs } = shared();
		portal.queue(range(1, 3), { event: 'ONCRMLEADADD' });
		portal.queue(range(4, 5));
		await drain(ready, handling, reading(1));
		expect(runs).toEqual([['1'], ['4'], ['2'], ['5'], ['3']]);
	});

	it('reaches every event, however many are selected', async () => {
		const many = range(1, 25).map((number) => `ONCRMDYNAMICITEMADD_${number}`);
		const { ready, handling, portal, runs } = stationOf({
			ready: { isExclusive: false, events: many },
			handling: { events: many },
		});
		for (const event of many) portal.queue([1], { event });
		expect(await drain(ready, handling, reading(10))).toBe(false);
		expect(runs).toEqual(range(1, 25).map((id) => [String(id)]));
	});

	it('says that more is waiting when one of the events is full twenty times', async () => {
		const { ready, handling, portal, runs } = shared();
		portal.queue(range(1, 21));
		portal.queue([22], { event: 'ONCRMLEADADD' });
		expect(await drain(ready, handling, reading(1))).toBe(true);
		expect(runs).toHaveLength(21);
	});
});
