import { ActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import { createQueueMemory } from '../../../../nodes/Bitrix24/n8n/processState.js';
import { QueueConsumer } from '../../../../nodes/Bitrix24/queue/consumer.js';
import { openQueue } from '../../../../nodes/Bitrix24/queue/offlineQueueApi.js';
import { PendingAcks } from '../../../../nodes/Bitrix24/queue/pendingAcks.js';
import type { BatchContext } from '../../../../nodes/Bitrix24/queue/processBatch.js';
import { processBatch } from '../../../../nodes/Bitrix24/queue/processBatch.js';
import type { RecoveryContext } from '../../../../nodes/Bitrix24/queue/recovery.js';
import { recoverReservations } from '../../../../nodes/Bitrix24/queue/recovery.js';
import { Retries } from '../../../../nodes/Bitrix24/queue/retries.js';
import { createRetryPolicy } from '../../../../nodes/Bitrix24/queue/retryPolicy.js';
import type { RunOutcome } from '../../../../nodes/Bitrix24/queue/run.js';
import type { QueueSession } from '../../../../nodes/Bitrix24/queue/setup.js';
import { portalBehind } from '../../../fakes/portalBehind.mjs';
import type { SimulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { simulatedPortal } from '../../../fakes/simulatedPortal.mjs';

/** What a queue is read with, and what becomes of it. */
export interface Station {
	portal: SimulatedPortal;
	ready: QueueSession;
	handling: BatchContext;
	node: AbortController;
	clock: { now: number };
	/** The record ids of each run, the oldest first. */
	runs: string[][];
	/** What becomes of a run; a test changes it. */
	end: { of(ids: string[], count: number): RunOutcome | Promise<RunOutcome> };
	/** Record ids that were reported as put aside, and what else was reported of records. */
	reported: string[];
	/** What waits or is reserved, by id. */
	left(): string[];
	/** What was put aside, by id. */
	aside(): string[];
}

/** What differs from a queue of a trigger's own on deleted leads. */
export interface Given {
	portal?: SimulatedPortal;
	/** What was deleted, and waits. */
	leads?: readonly number[];
	ready?: Partial<QueueSession>;
	handling?: Partial<BatchContext>;
	execution?: 'perBatch' | 'perEvent';
	maxAttempts?: number;
}

/** A queue of a trigger's own on deleted leads, with a clock that only the test moves. */
export function stationOf(given: Given = {}): Station {
	const { portal = simulatedPortal(), leads = [], execution = 'perBatch', maxAttempts = 3 } = given;
	portal.queue(leads);
	const calls = portalBehind(portal);
	const node = new AbortController();
	const clock = { now: 1_000_000 };
	const runs: string[][] = [];
	const reported: string[] = [];
	const memory = given.ready?.memory ?? createQueueMemory();
	const end: Station['end'] = { of: () => 'succeeded' };
	const listed = (isAside: boolean) => () =>
		portal
			.records()
			.filter(({ ERROR, PROCESS_ID }) => (ERROR === '1' && PROCESS_ID === '') === isAside)
			.map(({ ID }) => ID);
	return {
		portal,
		node,
		clock,
		runs,
		end,
		reported,
		ready: {
			queue: openQueue(calls, calls, null),
			portal: { memberId: 'a223c6b3710f85df22e9377d6c4f7553', endpoint: null, status: 'L' },
			key: 'queue',
			destination: { kind: 'offline', connector: null },
			pendingAcks: new PendingAcks(),
			lookUp: async () => ({ records: new Map(), failure: null }),
			memory,
			retries: new Retries(memory),
			subscribe: async () => ({ events: [], missing: [], others: [], problem: null }),
			events: ['ONCRMLEADDELETE'],
			isExclusive: true,
			canReserve: true,
			...given.ready,
		},
		handling: {
			retryPolicy: createRetryPolicy({ execution, acknowledge: 'afterSuccess', maxAttempts, intervalMs: 30_000 }),
			isOnReceipt: false,
			addTo: async (records) => new Map(records.map(({ ID }) => [ID, {}])),
			run: async (records) => {
				const ids = records.map(({ ID }) => ID);
				runs.push(ids);
				return await end.of(ids, runs.length);
			},
			events: ['ONCRMLEADDELETE'],
			ignoreUserIds: new Set(),
			signal: node.signal,
			elapsed: () => clock.now,
			onFailed: ({ id }, isSuperseded) => void reported.push(isSuperseded ? `${id} superseded` : id),
			onRefused: ({ processId }) => void reported.push(`${processId} refused`),
			onStrange: ({ id, messageId }, outcome) => void reported.push(`${id}/${messageId} ${outcome}`),
			onUnknown: ({ ID }, count) => void reported.push(`${ID} unknown ${count} times`),
			...given.handling,
		},
		left: listed(false),
		aside: listed(true),
	};
}

/** Reserves what waits, or has it handed out for good, and handles it. */
export async function handleAll({ ready, handling }: Station, isForGood = false): Promise<void> {
	const take = isForGood ? ready.queue.receiveAndDelete : ready.queue.reserve;
	await processBatch(await take({ limit: 100, event: null }), ready, handling);
}

/** Handles what of the first reservation is left. */
export async function handleAgain({ ready, handling }: Station): Promise<void> {
	const batch = await ready.queue.fetchReserved('process-1', { limit: 100, failed: false, afterId: '0' });
	await processBatch(batch, ready, handling);
}

/** Somebody reserves what waits, so many at a time, and dies. */
export async function reserveAll({ ready, portal }: Station, limit: number): Promise<void> {
	for (;;) {
		const { size } = await ready.queue.reserve({ limit, event: null });
		if (size < limit) break;
	}
	portal.calls.length = 0;
}

/** Takes up what is left over; returns the reservations that are known then. */
export async function takeUp(
	{ ready, handling }: Station,
	{ ofAnybody = false, ...given }: Partial<RecoveryContext> & { ofAnybody?: boolean } = {},
): Promise<string[]> {
	const context = { reservations: new Set<string>(), batchSize: 100, batchContext: handling, ...given };
	await recoverReservations(ready, ofAnybody, context);
	return [...context.reservations];
}

/** What the portal was told, in order. */
export const told = ({ portal }: Station) =>
	portal.calls
		.filter(({ method }) => method === 'event.offline.clear' || method === 'event.offline.error')
		.map(({ method, parameters }) => [method, parameters.id ?? parameters.message_id]);

/** A queue that is being consumed. */
export interface Consumed {
	consumer: QueueConsumer;
	/** Messages of what went wrong, the oldest first, and "over" for the end of it. */
	outages: string[];
	/** What was logged. */
	log: string[];
	/** How often the queue was made ready again. */
	prepared: number;
	hasEnded: boolean;
}

interface Consuming {
	/** A check every 30 seconds, 100 records each, by default. */
	settings?: { batchSize?: number; retryErrors?: boolean; checkEverySeconds?: number };
	prepare?: (ready: QueueSession) => Promise<QueueSession>;
	/** Milliseconds to wait after something went wrong. */
	pauseAfter?: number;
}

/** Makes what consumes a queue by jest's fake timers, which are to be on: the station's clock follows them. */
export function consumerOf(station: Station, given: Consuming = {}): Consumed {
	const { prepare = async (ready) => ready, pauseAfter = 5_000, settings } = given;
	const outages: string[] = [];
	const log: string[] = [];
	const consumer = new QueueConsumer(station.ready, {
		settings: { batchSize: 100, retryErrors: false, checkEverySeconds: 30, ...settings },
		batchContext: { ...station.handling, elapsed: () => performance.now() },
		outage: {
			note(error) {
				outages.push(error instanceof ActionableError ? (error.failure?.code ?? error.message) : String(error));
				return pauseAfter;
			},
			over: () => void outages.push('over'),
		},
		log: { warn: (line) => void log.push(line), info: (line) => void log.push(line) },
		async setUp() {
			consumed.prepared++;
			return await prepare(station.ready);
		},
	});
	const consumed: Consumed = { consumer, outages, log, prepared: 0, hasEnded: false };
	return consumed;
}

/** Lets time pass, by jest's fake timers. */
export const pass = async (milliseconds: number) => await jest.advanceTimersByTimeAsync(milliseconds);

/** Consumes a queue. */
export function consuming(station: Station, given: Consuming = {}): Consumed {
	const consumed = consumerOf(station, given);
	void consumed.consumer.start().finally(() => (consumed.hasEnded = true));
	return consumed;
}

/** The methods that were called since it was asked last. */
export function called({ portal }: Station): string[] {
	return portal.calls.splice(0).map(({ method }) => method.replace('event.offline.', ''));
}
