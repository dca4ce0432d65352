import fc from 'fast-check';
import { OfflineQueue } from '../../simulator/offline/offlineQueue.mjs';
import { Clock } from '../../simulator/portal/clock.mjs';
import { type Call, clientFor, useSimulator } from './client.mjs';

const portal = useSimulator({ now: () => 1_750_000_000_000, leads: Array.from({ length: 60 }, () => ({})) });
const event = 'ONCRMLEADDELETE';
const DAY = 86_400_000;

interface Taken {
	processId: string | null;
	ids: string[];
	messageIds: string[];
}

async function listen(params: Record<string, unknown> = {}, code = event): Promise<Call> {
	const call = clientFor(portal.sim);
	await call('event.bind', { event: code, event_type: 'offline', ...params });
	return call;
}

async function take(call: Call, params: Record<string, unknown> = {}): Promise<Taken> {
	const { process_id: processId, events } = Object((await call('event.offline.get', params)).result);
	const rows: Array<{ EVENT_DATA: { FIELDS: { ID: string } }; MESSAGE_ID: string }> = events;
	return { processId, ids: rows.map((row) => row.EVENT_DATA.FIELDS.ID), messageIds: rows.map((row) => row.MESSAGE_ID) };
}

describe('an offline event', () => {
	it('becomes a record in place of a call', async () => {
		const call = await listen();
		portal.sim.leads.delete(2, { by: 15 });
		expect((await call('event.offline.get')).result).toEqual({
			process_id: null,
			events: [
				{
					ID: '1',
					TIMESTAMP_X: '2025-06-15T15:06:40+00:00',
					EVENT_NAME: event,
					EVENT_DATA: { FIELDS: { ID: '2' } },
					EVENT_ADDITIONAL: { user_id: '15' },
					MESSAGE_ID: expect.stringMatching(/^[0-9a-f]{32}$/),
				},
			],
		});
	});

	it('of a robot names nobody', async () => {
		const call = await listen();
		portal.sim.leads.delete(1, { by: 'robot' });
		expect((await call('event.offline.list')).result).toMatchObject([{ EVENT_ADDITIONAL: [] }]);
	});

	it('of the same object only refreshes the record that still waits', async () => {
		await listen({}, 'ONCRMLEADUPDATE');
		portal.sim.leads.update(1, { TITLE: 'a' }, { by: 1 });
		portal.sim.leads.update(2, { TITLE: 'b' });
		portal.sim.advance(60_000);
		portal.sim.leads.update(1, { TITLE: 'c' }, { by: 15 });
		expect(portal.sim.queue.records()).toMatchObject([
			{ ID: '1', TIMESTAMP_X: '2025-06-15T15:07:40+00:00', EVENT_ADDITIONAL: { user_id: '15' } },
			{ ID: '2', TIMESTAMP_X: '2025-06-15T15:06:40+00:00' },
		]);
	});

	it('of the same object makes a new record, with the same message id, once the first is reserved', async () => {
		const call = await listen({}, 'ONCRMLEADUPDATE');
		portal.sim.leads.update(1, {});
		await take(call, { clear: 0 });
		portal.sim.leads.update(1, {});
		const [first, second] = portal.sim.queue.records();
		expect(second?.MESSAGE_ID).toBe(first?.MESSAGE_ID);
		expect([first?.PROCESS_ID === '', second?.PROCESS_ID]).toEqual([false, '']);
	});

	it('is announced neither to other connectors nor to the shared queue', async () => {
		const call = await listen({ auth_connector: 'n8n' });
		portal.sim.leads.delete(1);
		expect((await take(call)).ids).toEqual([]);
		expect((await take(call, { auth_connector: 'other' })).ids).toEqual([]);
		expect((await take(call, { auth_connector: 'n8n' })).ids).toEqual(['1']);
	});

	it('caused by the app itself is not queued back to the same connector', async () => {
		const call = await listen({ auth_connector: 'one' });
		await listen({ auth_connector: 'two' });
		await call('crm.lead.delete', { id: 1, auth_connector: 'one' });
		expect(portal.sim.queue.records().map(({ connector }) => connector)).toEqual(['two']);
	});
});

describe('event.offline.get', () => {
	it('gives 50 unless told otherwise', async () => {
		const call = await listen();
		portal.sim.leads.delete(portal.sim.leads.list().map(({ ID }) => ID));
		expect((await take(call, { clear: 0 })).ids).toHaveLength(50);
		expect((await take(call, { clear: 0, limit: 1000 })).ids).toHaveLength(10);
	});

	it('with clear=0 reserves: hidden from others, the same again under its process id', async () => {
		const call = await listen();
		portal.sim.leads.delete([1, 2, 3]);
		const first = await take(call, { clear: 0, limit: 2 });
		expect((await take(call, { clear: 0 })).ids).toEqual(['3']);
		const again = await take(call, { clear: 0, process_id: first.processId });
		expect(again).toEqual({ ...first, ids: ['1', '2'] });
	});

	it('hands out the oldest first, or in the order asked for', async () => {
		const call = await listen();
		for (const id of [3, 1, 2]) {
			portal.sim.leads.delete(id);
			portal.sim.advance(1000);
		}
		expect((await take(call, { clear: 0, limit: 1 })).ids).toEqual(['3']);
		expect((await take(call, { clear: 0, limit: 1, order: { ID: 'DESC' } })).ids).toEqual(['2']);
	});

	it('keeps a reservation for 30 days', async () => {
		const call = await listen();
		portal.sim.leads.delete(1);
		const { processId } = await take(call, { clear: 0 });
		portal.sim.advance(30 * DAY);
		const later = clientFor(portal.sim);
		expect((await take(later, { clear: 0, process_id: processId })).ids).toEqual(['1']);
		portal.sim.advance(1);
		expect((await take(clientFor(portal.sim), { clear: 0, process_id: processId })).ids).toEqual([]);
	});

	it('needs a plan with reservation for clear=0', async () => {
		const call = await listen();
		portal.sim.plan.offlineExtended = false;
		expect(await call('event.offline.get', { clear: 0 })).toMatchObject({
			status: 403,
			error: 'WRONG_LICENSE',
			error_description: expect.stringContaining('This feature is not enabled for the current license: '),
		});
		expect((await call('event.offline.get', { clear: 1 })).status).toBe(200);
	});

	it.each([
		['a limit of 0', { limit: 0 }],
		['an unknown field', { filter: { '=COLOUR': 'red' } }],
		['a field of event.offline.list', { filter: { '=PROCESS_ID': '' } }],
		['a list as the value', { filter: { '=EVENT_NAME': [event] } }],
		['an unknown operation', { filter: { '~ID': 1 } }],
		['a filter that is none', { filter: 'ID' }],
		['an unknown direction', { order: { ID: 'UP' } }],
	])('refuses %s', async (_what, params) => {
		const call = await listen();
		expect(await call('event.offline.get', params)).toMatchObject({ status: 400, error: 'ERROR_ARGUMENT' });
	});
});

describe('event.offline.clear', () => {
	it('confirms records by id', async () => {
		const call = await listen();
		portal.sim.leads.delete([1, 2]);
		const { processId } = await take(call, { clear: 0 });
		await call('event.offline.clear', { process_id: processId, id: [2] });
		expect(portal.sim.queue.records().map(({ ID }) => ID)).toEqual(['1']);
	});
});

describe('event.offline.error', () => {
	it('puts records aside, for error=1 to find', async () => {
		const call = await listen();
		portal.sim.leads.delete([1, 2]);
		const { processId, messageIds } = await take(call, { clear: 0 });
		await call('event.offline.error', { process_id: processId, message_id: [messageIds[0]] });
		expect(portal.sim.queue.records()).toMatchObject([
			{ ID: '1', ERROR: '1', PROCESS_ID: '' },
			{ ID: '2', ERROR: '0', PROCESS_ID: processId },
		]);
		expect((await take(call, { clear: 0 })).ids).toEqual([]);
		expect((await take(call, { clear: 0, error: 1 })).ids).toEqual(['1']);
	});
});

describe('event.offline.list', () => {
	it('reads 50 a page and changes nothing', async () => {
		const call = await listen();
		portal.sim.leads.delete(portal.sim.leads.list().map(({ ID }) => ID));
		const first = await call('event.offline.list');
		expect([first.total, first.next, Object(first.result).length]).toEqual([60, 50, 50]);
		const second = await call('event.offline.list', { start: first.next });
		expect([second.next, Object(second.result).length, Object(second.result)[0].ID]).toEqual([undefined, 10, '51']);
		expect((await take(call, { limit: 100 })).ids).toHaveLength(60);
	});

	it.each([{ '!PROCESS_ID': '' }, { '>PROCESS_ID': '' }])('finds what a crash left reserved by %j', async (filter) => {
		const call = await listen();
		portal.sim.leads.delete([1, 2]);
		const { processId } = await take(call, { clear: 0, limit: 1 });
		const { result } = await call('event.offline.list', { filter });
		expect(result).toMatchObject([{ ID: '1', PROCESS_ID: processId, ERROR: '0' }]);
	});

	it.each([
		[{ '=EVENT_NAME': 'ONCRMLEADADD' }, ['3']],
		[{ '>ID': 1 }, ['2', '3']],
		[{ '<=ID': '2' }, ['1', '2']],
		[{ '>=ID': 2, '<ID': 3 }, ['2']],
		[{ ID: 2 }, ['2']],
		[{ '@ID': [1, 3] }, ['1', '3']],
		[{ '%EVENT_NAME': 'lead' }, ['1', '2', '3']],
		[{ '>TIMESTAMP_X': '2025-06-15T15:06:40+00:00' }, ['2', '3']],
		[{ ERROR: 0 }, ['1', '2', '3']],
		[{ ERROR: 1 }, []],
	])('filters by %j', async (filter, ids) => {
		await listen({}, 'ONCRMLEADADD');
		const call = await listen();
		portal.sim.leads.delete(1);
		portal.sim.advance(1000);
		portal.sim.leads.delete(2);
		portal.sim.leads.add();
		const { result } = await call('event.offline.list', { filter });
		expect(Object(result).map(({ ID }: { ID: string }) => ID)).toEqual(ids);
	});
});

describe('the offline methods', () => {
	it.each(['get', 'list', 'clear', 'error'])('refuse event.offline.%s without administrator rights', async (name) => {
		const reply = await clientFor(portal.sim, 15)(`event.offline.${name}`, { process_id: 'x', message_id: [] });
		expect(reply).toMatchObject({ status: 403, error: 'ACCESS_DENIED' });
	});
});

describe('reservation', () => {
	const KEY = { appId: 1, connector: '' };
	const all = { matches: () => true, limit: Infinity };

	/** What can happen to a queue: a change of an object, a request for some records, a settlement of an earlier one. */
	type Step = { change: number } | { get: number } | { settle: number; how: 'clear' | 'fail' };

	const step: fc.Arbitrary<Step> = fc.oneof(
		fc.record({ change: fc.nat(8) }),
		fc.record({ get: fc.integer({ min: 1, max: 4 }) }),
		fc.record({ settle: fc.nat(5), how: fc.constantFrom('clear' as const, 'fail' as const) }),
	);

	function newQueue(): { queue: OfflineQueue; change(object: number): void } {
		let now = 0;
		const queue = new OfflineQueue(new Clock(() => now));
		const change = (object: number): void => {
			now += 1;
			queue.add({ ...KEY, event: 'ONCRMLEADUPDATE', data: { FIELDS: { ID: String(object) } }, by: 1 });
		};
		return { queue, change };
	}

	const held = (queue: OfflineQueue, processId: string): number[] =>
		queue.process(KEY, processId, false, all).map(({ id }) => id);

	it('never gives two requests the same record', () => {
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
				const { queue, change } = newQueue();
				const processes: string[] = [];
				for (const one of steps) {
					if ('change' in one) change(one.change);
					else if ('get' in one) processes.push(queue.reserve(KEY, false, { ...all, limit: one.get }));
					else {
						const processId = processes[one.settle] ?? '';
						const messageIds = queue.process(KEY, processId, false, all).map(({ messageId }) => messageId);
						if (one.how === 'clear') queue.clear(KEY, processId);
						else queue.fail(KEY, processId, messageIds);
					}
					const ids = processes.flatMap((processId) => held(queue, processId));
					expect(new Set(ids).size).toBe(ids.length);
				}
			}),
		);
	});

	it('loses nothing: what was recorded waits, is reserved, or was cleared', () => {
		fc.assert(
			fc.property(fc.array(fc.oneof(fc.record({ change: fc.nat(8) }), fc.record({ get: fc.nat(3) }))), (steps) => {
				const { queue, change } = newQueue();
				const changed = new Set<string>();
				const cleared: string[] = [];
				for (const one of steps) {
					if ('change' in one) {
						change(one.change);
						changed.add(String(one.change));
					} else {
						const processId = queue.reserve(KEY, false, { ...all, limit: one.get + 1 });
						if (one.get % 2 === 0) continue;
						cleared.push(...queue.process(KEY, processId, false, all).map(({ data }) => JSON.stringify(data)));
						queue.clear(KEY, processId);
					}
				}
				const known = new Set([...cleared, ...queue.list(KEY).map(({ data }) => JSON.stringify(data))]);
				for (const object of changed) expect(known).toContain(JSON.stringify({ FIELDS: { ID: object } }));
			}),
		);
	});

	it('hands 50,000 records out in batches of 100 without looking at all of them each time', () => {
		const { queue, change } = newQueue();
		for (let object = 0; object < 50_000; object++) change(object);
		let looked = 0;
		const counting = { matches: () => ++looked > 0, limit: 100 };
		let batches = 0;
		for (; queue.list(KEY).length > 0 && batches < 3; batches++) queue.clear(KEY, queue.reserve(KEY, false, counting));
		expect([batches, looked, queue.list(KEY).length]).toEqual([3, 300, 49_700]);
	});

	it('keeps a failed record failed when its object changes again', () => {
		const { queue, change } = newQueue();
		change(1);
		const processId = queue.reserve(KEY, false, all);
		queue.fail(KEY, processId, [queue.list(KEY)[0]?.messageId ?? '']);
		change(1);
		expect(queue.records()).toMatchObject([{ ID: '1', ERROR: '1', PROCESS_ID: '' }]);
	});
});
