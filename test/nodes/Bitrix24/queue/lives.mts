import { sleep } from '../../../../nodes/Bitrix24/n8n/timing.js';
import { QueueConsumer } from '../../../../nodes/Bitrix24/queue/consumer.js';
import type { Json } from '../../../../nodes/Bitrix24/event/payload.js';
import type { OfflineRecord } from '../../../../nodes/Bitrix24/event/queueItem.js';
import { createQueueMemory } from '../../../../nodes/Bitrix24/n8n/processState.js';
import { openQueue } from '../../../../nodes/Bitrix24/queue/offlineQueueApi.js';
import { createOutage } from '../../../../nodes/Bitrix24/queue/outage.js';
import { PendingAcks } from '../../../../nodes/Bitrix24/queue/pendingAcks.js';
import { Retries } from '../../../../nodes/Bitrix24/queue/retries.js';
import { createRetryPolicy } from '../../../../nodes/Bitrix24/queue/retryPolicy.js';
import type { RunOutcome } from '../../../../nodes/Bitrix24/queue/run.js';
import type { QueueSettings } from '../../../../nodes/Bitrix24/settings/settings.js';
import type { SimulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { portalBehind } from '../../../fakes/portalBehind.mjs';
import type { Ledger } from './ledger.mjs';
import { createLedger } from './ledger.mjs';

/** The two events of these stories. */
export const codes = ['ONCRMLEADDELETE', 'ONCRMLEADADD'];

/** What happens at a call: the portal fails, n8n is killed before or after it is heard, or the workflow is saved. */
export type Incident = 'refused' | 'unheard' | 'unanswered' | 'killedBefore' | 'killedAfter' | 'saved';

/** How a run ends; without one, it succeeds unless one of its records is bad. */
export type RunEnd = RunOutcome | 'killed' | 'saved';

/** Everything that happens to a trigger. */
export interface Story {
	settings: Pick<QueueSettings, 'execution' | 'acknowledge' | 'maxAttempts' | 'batchSize' | 'retryErrors'>;
	isOwn: boolean;
	/** By the number of the call, from 1. */
	incidents: ReadonlyMap<number, Incident>;
	/** By the number of the run, from 0, with the seconds that it takes. */
	runs: ReadonlyArray<{ end: RunEnd | null; seconds: number }>;
	/** Leads whose events never succeed. */
	bad: ReadonlySet<number>;
}

/** A portal, and a trigger that lives as often as it has to. */
export interface Lives {
	portal: SimulatedPortal;
	ledger: Ledger;
	/** Sees to it that a trigger is alive, and lets time pass. */
	goOn(seconds: number): Promise<void>;
	/** Closes the trigger, and tells whether it has ended at once, or has a run under way. */
	close(): Promise<boolean>;
	/** Whether every trigger that there was has come to its end. */
	haveAllEnded(): boolean;
	/** What must not have happened. */
	wrongs: string[];
}

interface Life {
	number: number;
	/** The process that it lives in: aborted when n8n is killed. */
	n8n: AbortController;
	node: AbortController;
	hasEnded: boolean;
	/** Runs under way. */
	running: number;
}

/** Begins a story. jest's fake timers are to be on. */
export function beginLives({ settings, isOwn, incidents, runs, bad }: Story): Lives {
	const portal = simulatedPortal();
	const ledger = createLedger();
	const wrongs: string[] = [];
	// What is owed outlives a trigger that is saved, and dies with the process.
	let n8n = new AbortController();
	let settlements = new PendingAcks();
	let memory = createQueueMemory();
	let life: Life | null = null;
	const lives: Life[] = [];
	let started = 0;
	const pending = new Map(incidents);

	for (const [call, what] of incidents) {
		if (what === 'refused' || what === 'unheard' || what === 'unanswered') portal.troubles.set(call, what);
	}

	function kill(): Error {
		n8n.abort();
		life?.node.abort();
		n8n = new AbortController();
		settlements = new PendingAcks();
		memory = createQueueMemory();
		ledger.died();
		return new Error('connect ECONNREFUSED: killed');
	}

	const helpersOf = (caller: Life): SimulatedPortal['helpers'] => ({
		...portal.helpers,
		async httpRequestWithAuthentication(type, options) {
			if (caller.n8n.signal.aborted) throw new Error('connect ECONNREFUSED: dead');
			const call = portal.calls.length + 1;
			const incident = pending.get(call);
			pending.delete(call);
			if (incident === 'killedBefore') throw kill();
			if (incident === 'saved') caller.node.abort();
			const answer = await portal.helpers.httpRequestWithAuthentication(type, options);
			if (incident === 'killedAfter') throw kill();
			return answer;
		},
	});

	async function run(runner: Life, ids: string[], leads: number[]): Promise<RunOutcome> {
		if (runner.node.signal.aborted && settings.acknowledge !== 'onReceipt')
			wrongs.push(`${ids.join()} began after the end`);
		const { end = null, seconds = 0 } = runs[started++] ?? {};
		wrongs.push(...ledger.begin(runner.number, ids));
		runner.running++;
		if (seconds > 0) await sleep(seconds * 1000, runner.n8n.signal);
		runner.running--;
		if (end === 'killed' && runner.n8n === n8n) kill();
		if (end === 'saved') runner.node.abort();
		const usual = leads.some((lead) => bad.has(lead)) ? 'failed' : 'succeeded';
		const scripted = end === 'killed' || end === 'saved' ? null : end;
		const verdict = runner.n8n.signal.aborted ? 'unknown' : (scripted ?? usual);
		ledger.end(runner.number, ids, verdict);
		return verdict;
	}

	function begin(): void {
		const born: Life = { number: lives.length, n8n, node: new AbortController(), hasEnded: false, running: 0 };
		// Before its first call, which may be the one that kills it.
		life = born;
		lives.push(born);
		const calls = portalBehind({ helpers: helpersOf(born) });
		const ready = {
			queue: openQueue(calls, calls, null),
			portal: { memberId: 'a223c6b3710f85df22e9377d6c4f7553', endpoint: null, status: 'L' },
			key: 'queue',
			destination: { kind: 'offline' as const, connector: null },
			pendingAcks: settlements,
			memory,
			retries: new Retries(memory),
			subscribe: async () => ({ events: codes, missing: [], others: [], problem: null }),
			events: codes,
			isExclusive: isOwn,
			canReserve: true,
			lookUp: async () => ({ records: new Map(), failure: null }),
		};
		const { execution, acknowledge, maxAttempts } = settings;
		const handling = {
			addTo: async (records: ReadonlyArray<{ ID: string }>) => new Map(records.map(({ ID }) => [ID, {}])),
			retryPolicy: createRetryPolicy({ execution, acknowledge, maxAttempts, intervalMs: 30_000 }),
			isOnReceipt: acknowledge === 'onReceipt',
			run: async (records: readonly OfflineRecord[]) =>
				await run(
					born,
					records.map(({ ID }) => ID),
					records.map(leadOf),
				),
			events: codes,
			ignoreUserIds: new Set<string>(),
			signal: born.node.signal,
			elapsed: () => performance.now(),
			onFailed: () => {},
			onStrange: () => {},
			onRefused: () => {},
			onUnknown: () => {},
		};
		const log = { warn: () => {}, report: () => {}, info: () => {} };
		const rest = { events: codes, simplify: true, checkEverySeconds: 30, whenStopped: 'keepCollecting', queueName: '' };
		void new QueueConsumer(ready, {
			settings: { ...rest, ...settings } as QueueSettings,
			batchContext: handling,
			outage: createOutage({ now: Date.now, elapsed: () => performance.now(), isUnattended: false, ...log }),
			log,
			setUp: async () => ready,
		})
			.start()
			.then(
				() => (born.hasEnded = true),
				(error: unknown) => wrongs.push(`It ended with ${String(error)}`),
			);
	}

	return {
		portal,
		ledger,
		wrongs,
		async goOn(seconds) {
			if (life === null || life.node.signal.aborted) begin();
			await jest.advanceTimersByTimeAsync(seconds * 1000);
		},
		haveAllEnded: () => lives.every(({ hasEnded }) => hasEnded),
		async close() {
			life?.node.abort();
			await jest.advanceTimersByTimeAsync(0);
			return life === null || life.hasEnded || life.running > 0;
		},
	};
}

/** Which lead a record is about. */
function leadOf({ EVENT_DATA: data }: OfflineRecord): number {
	const { FIELDS: fields } = data as { FIELDS: { ID: Json } };
	return Number(fields.ID);
}
