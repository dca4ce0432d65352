import fc from 'fast-check';
import { OfflineQueue } from '../../simulator/offline/offlineQueue.mjs';
import { Clock } from '../../simulator/portal/clock.mjs';

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

describe('reservation', () => {
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

	it('keeps at most one waiting record of an object', () => {
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
				const { queue, change } = newQueue();
				for (const one of steps) {
					if ('change' in one) change(one.change);
					else if ('get' in one) queue.reserve(KEY, false, { ...all, limit: one.get });
				}
				const waiting = queue.list(KEY).filter(({ processId }) => processId === '');
				expect(new Set(waiting.map(({ messageId }) => messageId)).size).toBe(waiting.length);
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
