import fc from 'fast-check';
import { type Call, clientFor, type Reply, useSimulator } from './client.mjs';
import { Clock } from '../../simulator/basics.mjs';
import { OfflineQueue } from '../../simulator/offline/offlineQueue.mjs';

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

/** Listens, deletes leads, and takes what that has recorded. */
async function reserve(leads: number[], params: Record<string, unknown> = {}): Promise<Taken & { call: Call }> {
	const call = await listen();
	portal.sim.leads.delete(leads);
	return { call, ...(await take(call, { clear: 0, ...params })) };
}

const idsOf = ({ result }: Reply): string[] => Object(result).map(({ ID }: { ID: string }) => ID);

describe('an offline event', () => {
	it('becomes a record in place of a call, deleted once it is handed out with clear=1, the default', async () => {
		portal.sim.leads.delete(1);
		const call = await listen();
		portal.sim.leads.delete(2, { by: 15 });
		portal.sim.leads.delete(3, { by: 'robot' });
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
				expect.objectContaining({ EVENT_DATA: { FIELDS: { ID: '3' } }, EVENT_ADDITIONAL: [] }),
			],
		});
		await portal.sim.idle();
		expect([portal.sim.queue.records(), portal.sim.deliveries]).toEqual([[], []]);
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
		const { processId, messageIds } = await take(call, { clear: 0 });
		portal.sim.leads.update(1, {});
		const [MESSAGE_ID] = messageIds;
		expect(portal.sim.queue.records()).toMatchObject([
			{ MESSAGE_ID, PROCESS_ID: processId },
			{ MESSAGE_ID, PROCESS_ID: '' },
		]);
	});

	it('lies in the queue of its connector only, which no other can read or clear', async () => {
		const call = await listen({ auth_connector: 'n8n' });
		portal.sim.leads.delete(1);
		expect((await take(call)).ids).toEqual([]);
		expect((await take(call, { auth_connector: 'other' })).ids).toEqual([]);
		const { ids, processId } = await take(call, { clear: 0, auth_connector: 'n8n' });
		expect(ids).toEqual(['1']);
		await call('event.offline.clear', { process_id: processId });
		expect(portal.sim.queue.records('n8n')).toHaveLength(1);
	});

	it('caused by the app itself is not queued back to the same connector', async () => {
		const call = await listen({ auth_connector: 'one' });
		await listen({ auth_connector: 'two' });
		await call('crm.lead.delete', { id: 1, auth_connector: 'one' });
		expect(portal.sim.queue.records().map(({ connector }) => connector)).toEqual(['two']);
	});
});

describe('event.offline.get', () => {
	it('with clear=0 reserves: hidden from others, the same again under its process id until confirmed', async () => {
		const { call, processId, ids, messageIds } = await reserve([1, 2, 3], { limit: 2 });
		expect((await take(call, { clear: 0 })).ids).toEqual(['3']);
		const again = { clear: 0, process_id: processId };
		expect(await take(call, again)).toEqual({ processId, ids, messageIds });
		await call('event.offline.clear', { process_id: processId, message_id: [messageIds[0]] });
		expect((await take(call, again)).ids).toEqual(['2']);
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

	it('keeps a reservation for 30 days, and what merely waits for as long as it takes', async () => {
		const { processId } = await reserve([1, 2], { limit: 1 });
		const reserved = async () => (await take(clientFor(portal.sim), { clear: 0, process_id: processId })).ids;
		portal.sim.advance(30 * DAY);
		expect(await reserved()).toEqual(['1']);
		portal.sim.advance(1);
		expect(await reserved()).toEqual([]);
		expect((await take(clientFor(portal.sim))).ids).toEqual(['2']);
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
});

it('reads a list of 50 a page and changes nothing; one get gives 50 unless told otherwise', async () => {
	const { call, ids } = await reserve(Array.from({ length: 60 }, (_, index) => index + 1));
	const first = await call('event.offline.list');
	expect([first.total, first.next, idsOf(first).length]).toEqual([60, 50, 50]);
	const second = await call('event.offline.list', { start: first.next });
	expect([second.next, idsOf(second).length, idsOf(second)[0]]).toEqual([undefined, 10, '51']);
	expect([ids.length, (await take(call, { limit: 100 })).ids.length]).toEqual([50, 10]);
});

it('puts records aside, for error=1 to find', async () => {
	const { call, processId, messageIds } = await reserve([1, 2]);
	await call('event.offline.error', { process_id: processId, message_id: [messageIds[0]] });
	expect(portal.sim.queue.records()).toMatchObject([
		{ ID: '1', ERROR: '1', PROCESS_ID: '' },
		{ ID: '2', ERROR: '0', PROCESS_ID: processId },
	]);
	expect((await take(call, { clear: 0 })).ids).toEqual([]);
	expect((await take(call, { clear: 0, error: 1 })).ids).toEqual(['1']);
});

it.each([{}, { id: [1, 2] }])('confirms a reservation, and nothing that waits: %j', async (records) => {
	const { call, processId } = await reserve([1, 2]);
	portal.sim.leads.delete(3);
	expect((await call('event.offline.clear', { process_id: processId, ...records })).result).toBe(true);
	expect(portal.sim.queue.records()).toMatchObject([{ ID: '3' }]);
});

describe('a filter', () => {
	it.each([
		[{ '=EVENT_NAME': 'ONCRMLEADADD' }, ['3']],
		[{ '>ID': 1 }, ['2', '3']],
		[{ '<=ID': '2' }, ['1', '2']],
		[{ '>=ID': 2, '<ID': 3 }, ['2']],
		[{ ID: 2 }, ['2']],
		[{ '@ID': [1, 3] }, ['1', '3']],
		[{ '%EVENT_NAME': 'lead' }, ['1', '2', '3']],
		[{ '>TIMESTAMP_X': '2025-06-15T15:06:40+00:00' }, ['2', '3']],
		[{ ERROR: 1 }, []],
		[{ '!PROCESS_ID': '' }, ['1']],
		[{ '>PROCESS_ID': '' }, ['1']],
	])('finds by %j', async (filter, ids) => {
		await listen({}, 'ONCRMLEADADD');
		const { call } = await reserve([1]);
		portal.sim.advance(1000);
		portal.sim.leads.delete(2);
		portal.sim.leads.add();
		expect(idsOf(await call('event.offline.list', { filter }))).toEqual(ids);
	});

	it('may not be negated where the portal is told so, as current documentation has it', async () => {
		portal.sim.refuseNegatedFilters = true;
		const reply = await clientFor(portal.sim)('event.offline.list', { filter: { '!PROCESS_ID': '' } });
		expect(reply).toMatchObject({ status: 400, error_description: 'Filter operation not allowed: !' });
	});
});

it.each([
	['get', { limit: 0 }],
	['get', { filter: { '=COLOUR': 'red' } }],
	['get', { filter: { '=PROCESS_ID': '' } }],
	['get', { filter: { '=EVENT_NAME': [event] } }],
	['get', { filter: { '~ID': 1 } }],
	['get', { filter: 'ID' }],
	['get', { order: { ID: 'UP' } }],
	['clear', {}],
	['error', { process_id: 'x', message_id: 'y' }],
])('event.offline.%s refuses %j', async (name, params) => {
	const reply = await clientFor(portal.sim)(`event.offline.${name}`, params);
	expect(reply).toMatchObject({ status: 400, error: 'ERROR_ARGUMENT' });
});

describe('reservation', () => {
	const KEY = { appId: 1, connector: '' };
	const all = { matches: () => true, limit: Infinity };

	/** What can happen to a queue: a change of an object, a request for some records, a settlement of an earlier one. */
	type Step = { change: number } | { get: number } | { settle: number; how: 'clear' | 'fail' };

	const steps: fc.Arbitrary<Step[]> = fc.array(
		fc.oneof(
			fc.record({ change: fc.nat(8) }),
			fc.record({ get: fc.integer({ min: 1, max: 4 }) }),
			fc.record({ settle: fc.nat(5), how: fc.constantFrom('clear' as const, 'fail' as const) }),
		),
		{ maxLength: 60 },
	);

	function newQueue(): { queue: OfflineQueue; change(object: number): void } {
		let now = 0;
		const queue = new OfflineQueue(new Clock(() => now++));
		const change = (object: number): void =>
			void queue.add({ ...KEY, event: 'ONCRMLEADUPDATE', data: { FIELDS: { ID: String(object) } }, by: 1 });
		return { queue, change };
	}

	it('gives no record twice, loses none, and keeps at most one of an object waiting', () => {
		fc.assert(
			fc.property(steps, (happened) => {
				const { queue, change } = newQueue();
				const processes: string[] = [];
				const changed = new Set<string>();
				const cleared: string[] = [];
				const held = (processId: string) => queue.process(KEY, processId, false, all);
				for (const one of happened) {
					if ('change' in one) {
						change(one.change);
						changed.add(JSON.stringify({ FIELDS: { ID: String(one.change) } }));
					} else if ('get' in one) {
						processes.push(queue.reserve(KEY, false, { ...all, limit: one.get }));
					} else {
						const processId = processes[one.settle] ?? '';
						const records = held(processId);
						if (one.how === 'fail') {
							const messages = records.map(({ messageId }) => messageId);
							queue.fail(KEY, processId, messages);
						} else {
							cleared.push(...records.map(({ data }) => JSON.stringify(data)));
							queue.clear(KEY, processId);
						}
					}
					const ids = processes.flatMap((processId) => held(processId).map(({ id }) => id));
					expect(new Set(ids).size).toBe(ids.length);
				}
				const left = queue.list(KEY);
				const known = new Set([...cleared, ...left.map(({ data }) => JSON.stringify(data))]);
				for (const object of changed) expect(known).toContain(object);
				const waiting = left.filter(({ processId }) => processId === '');
				expect(new Set(waiting.map(({ messageId }) => messageId)).size).toBe(waiting.length);
			}),
		);
	});

	it('hands records out in batches of 100 without looking at all of them each time', () => {
		const { queue, change } = newQueue();
		for (let object = 0; object < 50_000; object++) change(object);
		let looked = 0;
		const counting = { matches: () => ++looked > 0, limit: 100 };
		for (let batch = 0; batch < 3; batch++) queue.clear(KEY, queue.reserve(KEY, false, counting));
		expect([looked, queue.list(KEY).length]).toEqual([300, 49_700]);
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
