import { reserveFailed } from './consumerSteps.mjs';
import { stationOf } from './station.mjs';

const everything = ['ONCRMLEADADD', 'ONCRMLEADDELETE'];

/** A queue in which some records of each event were put aside, and one waits. */
function queueWithErrors(ready: Parameters<typeof stationOf>[0] = {}) {
	const station = stationOf(ready);
	const { portal } = station;
	for (const event of ['ONCRMLEADDELETE', 'ONCRMLEADADD', 'ONCRMDEALADD']) portal.queue([1, 2, 3], { event });
	portal.failAll();
	portal.queue([4]);
	const reserved = () =>
		portal
			.records()
			.filter((row) => row.PROCESS_ID !== '')
			.map(({ ID }) => ID);
	return { ...station, reserved };
}

describe('reserveErrors', () => {
	it('reserves everything that was put aside in a queue of the trigger, and notes the reservations', async () => {
		const { ready, handling, portal, reserved } = queueWithErrors();
		const noted = new Set(['earlier']);
		await reserveFailed(ready, handling, { reservations: noted, batchSize: 4 });
		expect(reserved()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
		const processes = new Set(portal.records().map(({ PROCESS_ID }) => PROCESS_ID));
		expect(noted).toEqual(new Set(['earlier', ...processes].filter((id) => id !== '')));
		expect(portal.callsOf('event.offline.get')).toEqual(Array(3).fill({ limit: 4, error: 1, clear: 0 }));
	});

	it('asks once more after a full batch, which may have been the last', async () => {
		const { ready, handling, portal } = queueWithErrors();
		await reserveFailed(ready, handling, { reservations: new Set(), batchSize: 9 });
		expect(portal.calls).toHaveLength(2);
	});

	it('leaves events that others want in a queue that is shared', async () => {
		const { ready, handling, portal, reserved } = queueWithErrors({
			ready: { isExclusive: false, events: everything },
		});
		await reserveFailed(ready, handling, { reservations: new Set(), batchSize: 100 });
		expect(reserved()).toEqual(['1', '2', '3', '4', '5', '6']);
		expect(portal.callsOf('event.offline.get').map(({ filter }) => filter)).toEqual(
			everything.map((event) => ({ '=EVENT_NAME': event })),
		);
	});

	it('notes no reservation that has no name', async () => {
		const { ready, handling } = stationOf();
		const noted = new Set<string>();
		const queue = { ...ready.queue, reserve: async () => ({ processId: null, records: [] }) };
		await reserveFailed({ ...ready, queue }, handling, { reservations: noted, batchSize: 10 });
		expect([...noted]).toEqual([]);
	});
});
