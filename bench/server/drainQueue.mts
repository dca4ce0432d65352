import { setTimeout as sleep } from 'node:timers/promises';

import { QueueTrigger } from '../../test/e2e/support/QueueTrigger.mjs';
import { until } from '../../test/e2e/support/until.mjs';
import type { World } from '../../test/e2e/support/world.mjs';
import { watchPeak } from './watchPeak.mjs';

const patienceMs = 900_000;
const event = 'ONCRMLEADDELETE';

/** How a queue is emptied. */
export interface Draining {
	waiting: number;
	execution: 'perBatch' | 'perEvent';
}

/** What emptying a queue took. */
export interface Drained extends Draining {
	perSecond: number;
	callsPerThousand: number;
	memory: { before: number; peak: number };
}

/** How n8n's memory is looked at. */
export interface Gauge {
	/** In MB. */
	look(): Promise<number>;
	pauseMs: number;
}

/** Lets deleted leads wait in a queue, and has a real n8n run them all. */
export async function drainQueue(world: World, { waiting, execution }: Draining, gauge: Gauge): Promise<Drained> {
	const { portal } = world;
	const trigger = await QueueTrigger.active(world, { parameters: { execution, batchSize: 1000 } });
	await trigger.deactivate();
	for (let id = 1; id <= waiting; id++) portal.fire(event, { FIELDS: { ID: String(id) } });
	if (trigger.records().length !== waiting) throw new Error('Not every event waits in the queue');
	// The portal's rate is one of the limits: what getting ready has used of it is given back first.
	await sleep(10_000);
	const before = await gauge.look();
	const memory = watchPeak(gauge.look, gauge.pauseMs);
	portal.clearCalls();
	await trigger.activate();
	const settled = () => callsOf(world, 'event.offline.clear').reduce((sum, { ids }) => sum + ids, 0);
	await until('every event has run', () => settled() >= waiting, patienceMs);
	const peak = await memory.stop();
	const begin = callsOf(world, 'event.offline.get')[0]?.at ?? NaN;
	const end = callsOf(world, 'event.offline.clear').at(-1)?.at ?? NaN;
	const calls = portal.calls.filter(({ at }) => at >= begin && at <= end).length;
	await trigger.deactivate();
	return {
		waiting,
		execution,
		perSecond: (waiting / (end - begin)) * 1000,
		callsPerThousand: (calls / waiting) * 1000,
		memory: { before, peak },
	};
}

function callsOf({ portal }: World, wanted: string): Array<{ at: number; ids: number }> {
	return portal.calls
		.filter(({ method, status }) => method === wanted && status === 200)
		.map(({ at, params: { id } }) => ({ at, ids: typeof id === 'object' && id !== null ? Object.keys(id).length : 0 }));
}
