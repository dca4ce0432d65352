import { openQueue } from '../../../../nodes/Bitrix24/queue/offlineQueueApi.js';
import { PendingAcks } from '../../../../nodes/Bitrix24/queue/pendingAcks.js';
import type { BatchContext } from '../../../../nodes/Bitrix24/queue/processBatch.js';
import { createRetryPolicy } from '../../../../nodes/Bitrix24/queue/retryPolicy.js';
import type { RunOutcome } from '../../../../nodes/Bitrix24/queue/run.js';
import type { QueueSession } from '../../../../nodes/Bitrix24/queue/setup.js';
import type { SimulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { portalBehind } from '../../../fakes/portalBehind.mjs';

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
	/** Record ids that were reported as put aside. */
	reported: string[];
	/** What waits or is reserved, by id. */
	left(): string[];
	/** What was put aside, by id. */
	aside(): string[];
}

interface Given {
	portal?: SimulatedPortal;
	ready?: Partial<QueueSession>;
	handling?: Partial<BatchContext>;
	execution?: 'perBatch' | 'perEvent';
	maxAttempts?: number;
}

/** A queue of a trigger's own on deleted leads, with a clock that only the test moves. */
export function stationOf(given: Given = {}): Station {
	const portal = given.portal ?? simulatedPortal();
	const calls = portalBehind(portal);
	const node = new AbortController();
	const clock = { now: 1_000_000 };
	const runs: string[][] = [];
	const reported: string[] = [];
	const end: Station['end'] = { of: () => 'succeeded' };
	const isAside = ({ ERROR, PROCESS_ID }: { ERROR: string; PROCESS_ID: string }) => ERROR === '1' && PROCESS_ID === '';
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
			pendingAcks: new PendingAcks(),
			events: ['ONCRMLEADDELETE'],
			isExclusive: true,
			canReserve: true,
			...given.ready,
		},
		handling: {
			retryPolicy: createRetryPolicy(given.execution ?? 'perBatch', 'afterSuccess', given.maxAttempts ?? 3),
			isOnReceipt: false,
			run: async (records) => {
				const ids = records.map(({ ID }) => ID);
				runs.push(ids);
				return await end.of(ids, runs.length);
			},
			events: ['ONCRMLEADDELETE'],
			signal: node.signal,
			now: () => clock.now,
			onFailed: ({ ID }) => void reported.push(ID),
			...given.handling,
		},
		left: () =>
			portal
				.records()
				.filter((row) => !isAside(row))
				.map(({ ID }) => ID),
		aside: () =>
			portal
				.records()
				.filter(isAside)
				.map(({ ID }) => ID),
	};
}
