import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import getPort from 'get-port';
import { WebSocket } from 'ws';
import { z } from 'zod';

import { QueueTrigger } from '../test/e2e/support/QueueTrigger.mjs';
import { Trigger } from '../test/e2e/support/Trigger.mjs';
import { until } from '../test/e2e/support/until.mjs';
import type { World } from '../test/e2e/support/world.mjs';
import { withRealN8n } from './realN8n.mjs';
import { type Part, target } from './report.mjs';

/** What a real portal grants. */
const portal = { rate: { perSecond: 2, burst: 50 } };

/** How fast a real n8n empties the portal's queue, at what cost, against deliveries of the same events to it. */
export const queue: Part = {
	name: 'queue',
	async run({ quick }) {
		const few = quick ? 50 : 200;
		const sizes = quick ? [few, 2000] : [1000, 10_000, 50_000];
		const { pushed, drained } = await withRealN8n({ portal }, async (world) => {
			const drained: Array<Awaited<ReturnType<typeof drain>>> = [];
			for (const waiting of sizes) drained.push(await drain(world, waiting, 'perBatch'));
			// The same once more, each with its record.
			drained.push(await drain(world, sizes[quick ? 1 : 0] ?? few, 'perBatch', true));
			drained.push(await drain(world, few, 'perEvent'));
			return { drained, pushed: await push(world, few) };
		});
		const peaks = await measureLiveHeap(sizes);
		const growth = Math.max(...peaks) - (peaks[0] ?? NaN);
		const slowest = Math.min(...drained.slice(0, sizes.length).map(({ perSecond }) => perSecond));
		const times = slowest / pushed;
		const lookUps = drained.find(({ withRecords }) => withRecords)?.lookUpsPerThousand ?? NaN;
		return {
			tables: {
				'Events a second, each until its execution has ended, from a queue that is full at first': [
					['', 'Waiting', 'Events/s', 'REST calls per 1,000 events', "n8n's live heap, peak (MB)"],
					['Bitrix24 Trigger (deliveries)', String(few), pushed.toFixed(0), '0', ''],
					...drained.map(({ execution, waiting, withRecords, perSecond, callsPerThousand }, index) => [
						`Queue Trigger, ${execution}${withRecords ? ', with records' : ''}`,
						String(waiting),
						perSecond.toFixed(0),
						callsPerThousand.toFixed(1),
						peaks[index]?.toFixed(0) ?? '',
					]),
				],
			},
			targets: [
				target('Slowest perBatch, times deliveries', 'at least 20', times.toFixed(1), times >= 20),
				target('Calls for 1,000 records', 'at most 20', lookUps.toFixed(1), lookUps <= 20),
				target('Live heap, largest queue against smallest', 'within 50 MB', `${growth.toFixed(0)} MB`, growth <= 50),
			],
			headline: ['Events a second from the queue, one execution per batch (the slowest)', slowest.toFixed(0)],
		};
	},
};

/** Lets events of leads wait in a queue, and has a real n8n run them all. */
async function drain(world: World, waiting: number, execution: 'perBatch' | 'perEvent', withRecords = false) {
	// A deletion has no record.
	const event = withRecords ? 'ONCRMLEADUPDATE' : 'ONCRMLEADDELETE';
	const parameters = { execution, batchSize: 1000, events: [event], options: { includeRecord: withRecords } };
	const trigger = await QueueTrigger.active(world, { parameters });
	await trigger.deactivate();
	const ids = leadIds(waiting);
	if (withRecords) world.portal.leads.import(ids.map((ID) => ({ ID, TITLE: `Lead ${ID}` })));
	for (const ID of ids) world.portal.fire(event, { FIELDS: { ID } });
	if (trigger.records().length !== waiting) throw new Error('Not every event waits in the queue');
	// The portal's rate is one of the limits: what getting ready has used of it is given back first.
	await sleep(10_000);
	world.portal.clearCalls();
	await trigger.activate();
	await until('every event has run', () => trigger.records().length === 0, 900_000);
	const done = world.portal.calls.filter(({ status }) => status === 200);
	const begin = done.find(({ method }) => method === 'event.offline.get')?.at ?? NaN;
	const end = done.findLast(({ method }) => method === 'event.offline.clear')?.at ?? NaN;
	const made = world.portal.calls.filter(({ at }) => at >= begin && at <= end).length;
	await trigger.deactivate();
	if (withRecords) await checkRecords(trigger, waiting);
	const lookUps = world.portal.calls.filter(({ method }) => method === 'crm.item.list').length;
	if (world.portal.rateLimited > 0) throw new Error('The portal was called faster than it allows');
	const perSecond = (waiting / (end - begin)) * 1000;
	const perThousand = 1000 / waiting;
	console.log(`${execution}, ${waiting} waiting: ${perSecond.toFixed(0)} events/s, ${lookUps} look-ups`);
	const calls = { callsPerThousand: made * perThousand, lookUpsPerThousand: lookUps * perThousand };
	return { waiting, execution, withRecords, perSecond, ...calls };
}

/** @throws when an item has not its own record */
async function checkRecords(trigger: QueueTrigger, count: number): Promise<void> {
	const items = await until('the last run is stored', async () => {
		const found = await trigger.items();
		return found.length >= count && found;
	});
	const isWrong = ({ leadId, record }: Record<string, unknown>) => Object(record).title !== `Lead ${String(leadId)}`;
	if (items.some(isWrong)) throw new Error('An item has not its own record');
}

/** Lets a portal deliver deleted leads to a Bitrix24 Trigger. @returns events a second, until the last has run */
async function push(world: World, events: number): Promise<number> {
	const trigger = await Trigger.active(world);
	const begin = performance.now();
	for (const ID of leadIds(events)) world.portal.fire('ONCRMLEADDELETE', { FIELDS: { ID } });
	const ended = async () => (await world.client.executions(trigger.id, { status: 'success' })).length;
	await until('every delivery has run', async () => (await ended()) === events, 300_000, 200);
	return (events / (performance.now() - begin)) * 1000;
}

const leadIds = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index + 1));

/**
 * The most that is in use on n8n's heap once its garbage is collected, which takes time, so that speed is measured apart.
 * The first queue does not count: n8n loads what it needs for it.
 */
async function measureLiveHeap(sizes: readonly number[]) {
	const port = await getPort({ host: '127.0.0.1' });
	return await withRealN8n({ portal, env: { NODE_OPTIONS: `--inspect=127.0.0.1:${port}` } }, async (world) => {
		const debug = await openDebugger(port);
		const peaks: number[] = [];
		for (const waiting of [sizes[0] ?? 0, ...sizes]) {
			const draining = { isOver: false };
			const drained = drain(world, waiting, 'perBatch').finally(() => (draining.isOver = true));
			let peak = 0;
			while (!draining.isOver) {
				await debug('HeapProfiler.collectGarbage');
				peak = Math.max(peak, ((await debug('Runtime.getHeapUsage')) ?? NaN) / 2 ** 20);
				await sleep(500);
			}
			await drained;
			peaks.push(peak);
		}
		return peaks.slice(1);
	});
}

/** A line to n8n's debugger (Chrome DevTools Protocol, as Node.js speaks it); n8n's end closes it. */
async function openDebugger(port: number) {
	const list: unknown = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
	const [target] = z.array(z.object({ webSocketDebuggerUrl: z.string() })).parse(list);
	const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
	await once(socket, 'open');
	const answer = z.object({ result: z.object({ usedSize: z.number().optional() }) });
	return async (method: string): Promise<number | undefined> => {
		// One question at a time, and no domain is enabled that would tell anything by itself.
		socket.send(JSON.stringify({ id: 1, method }));
		const [message] = await once(socket, 'message');
		return answer.parse(JSON.parse(String(message))).result.usedSize;
	};
}
