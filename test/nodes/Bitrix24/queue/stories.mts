import fc from 'fast-check';

import type { OfflineRecord } from '../../../../nodes/Bitrix24/event/queueItem.js';
import { createQueueMemory } from '../../../../nodes/Bitrix24/n8n/processState.js';
import { sleep } from '../../../../nodes/Bitrix24/n8n/timing.js';
import { QueueConsumer } from '../../../../nodes/Bitrix24/queue/consumer.js';
import { openQueue } from '../../../../nodes/Bitrix24/queue/offlineQueueApi.js';
import { createOutage } from '../../../../nodes/Bitrix24/queue/outage.js';
import { PendingAcks } from '../../../../nodes/Bitrix24/queue/pendingAcks.js';
import { Retries } from '../../../../nodes/Bitrix24/queue/retries.js';
import { createRetryPolicy } from '../../../../nodes/Bitrix24/queue/retryPolicy.js';
import type { RunOutcome } from '../../../../nodes/Bitrix24/queue/run.js';
import type { QueueSettings } from '../../../../nodes/Bitrix24/settings/settings.js';
import { portalBehind } from '../../../fakes/portalBehind.mjs';
import type { SimulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { simulatedPortal } from '../../../fakes/simulatedPortal.mjs';
import { stationOf } from './queueWorld.mjs';

/** The two events of these stories. */
export const codes = ['ONCRMLEADDELETE', 'ONCRMLEADADD'];

/** What happens at a call: the portal fails, n8n is killed before or after it is heard, or the workflow is saved. */
const incidents = ['refused', 'unheard', 'unanswered', 'killedBefore', 'killedAfter', 'saved'] as const;
type Incident = (typeof incidents)[number];

/** How a run ends; with null, it succeeds unless one of its records is bad. */
const ends = ['succeeded', 'failed', 'unknown', 'killed', 'saved', null] as const;

/** Everything that happens to a trigger. */
export interface Story {
	settings: Pick<QueueSettings, 'execution' | 'acknowledge' | 'maxAttempts' | 'batchSize' | 'retryErrors'>;
	isOwn: boolean;
	/** By the number of the call, from 1. */
	incidents: ReadonlyMap<number, Incident>;
	/** By the number of the run, from 0, with the seconds that it takes. */
	runs: ReadonlyArray<{ end: (typeof ends)[number]; seconds: number }>;
	/** Leads whose events never succeed. */
	bad: ReadonlySet<number>;
}

/** Settings in which records are reserved, and confirmed by what becomes of their run. */
export const reserving = fc.record({
	execution: fc.constantFrom('perBatch' as const, 'perEvent' as const),
	acknowledge: fc.constantFrom('afterSuccess' as const, 'afterFinish' as const),
	maxAttempts: fc.integer({ min: 1, max: 5 }),
	batchSize: fc.integer({ min: 1, max: 5 }),
	retryErrors: fc.boolean(),
});

/** Stories in which nothing goes wrong. */
export function quiet(settings: fc.Arbitrary<Story['settings']>): fc.Arbitrary<Story> {
	const nothing = { incidents: new Map<number, Incident>(), runs: [], bad: new Set<number>() };
	return fc.record({ settings, isOwn: fc.boolean() }).map((story) => ({ ...story, ...nothing }));
}

/** Stories in which everything may go wrong, until it does no more. */
export function eventful(settings: fc.Arbitrary<Story['settings']>): fc.Arbitrary<Story> {
	const incident = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.constantFrom(...incidents));
	const run = fc.record({ end: fc.constantFrom(...ends), seconds: fc.constantFrom(0, 0, 0, 7, 70) });
	return fc.record({
		settings,
		isOwn: fc.boolean(),
		incidents: fc.array(incident, { maxLength: 12 }).map((all) => new Map(all)),
		runs: fc.array(run, { maxLength: 15 }),
		bad: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 3 }).map((leads) => new Set(leads)),
	});
}

/** Which events are queued before each of the first half minutes. */
export const arrivals = fc.array(fc.array(fc.constantFrom(...codes), { maxLength: 5 }), { minLength: 1, maxLength: 5 });

/** What became of records, over all lives of a trigger. */
class Ledger {
	/** Record ids in the order in which they began to run first. */
	readonly firstRuns: string[] = [];

	private readonly running = new Map<string, number>();

	/** Each start and each end of a run of a record, and the process in which it was. */
	private readonly book: Array<{ id: string; what: 'begun' | RunOutcome; isAlone: boolean; process: number }> = [];

	private process = 0;

	private times(id: string, what: 'begun' | RunOutcome, is: Partial<(typeof this.book)[number]> = {}): number {
		const wanted = Object.entries({ id, what, ...is });
		return this.book.filter((entry) => wanted.every(([name, value]) => Object(entry)[name] === value)).length;
	}

	/** Notes that a run begins. Returns what is wrong with it; only a killed process may forget that a record succeeded. */
	begin(life: number, ids: readonly string[]): string[] {
		const sorted = [...ids].sort((a, b) => Number(a) - Number(b));
		const isDone = (id: string) => this.times(id, 'succeeded', { process: this.process }) > 0;
		const wrongs = [
			...ids.filter((id) => this.running.has(id)).map((id) => `${id} runs already`),
			...ids.filter(isDone).map((id) => `${id} runs again after it succeeded`),
			...(sorted.join() === ids.join() ? [] : [`${ids.join()} are out of order`]),
		];
		this.firstRuns.push(...ids.filter((id) => this.begun(id) === 0));
		for (const id of ids) this.running.set(id, life);
		this.note(ids, 'begun');
		return wrongs;
	}

	/** Notes how a run of a life ended. */
	end(life: number, ids: readonly string[], outcome: RunOutcome): void {
		for (const id of ids) if (this.running.get(id) === life) this.running.delete(id);
		this.note(ids, outcome);
	}

	/** A process is killed: what it was running ends, and what it knew is forgotten. */
	died(): void {
		this.process++;
		this.running.clear();
	}

	begun = (id: string) => this.times(id, 'begun');

	hasSucceeded = (id: string) => this.times(id, 'succeeded') > 0;

	hasFailed = (id: string) => this.times(id, 'failed') > 0;

	/** How often a record has failed in a run of its own, and in one with others in its worst process. */
	failures(id: string): { alone: number; inCompany: number } {
		const processes = Array.from({ length: this.process + 1 }, (_, process) => process);
		const inCompany = processes.map((process) => this.times(id, 'failed', { isAlone: false, process }));
		return { alone: this.times(id, 'failed', { isAlone: true }), inCompany: Math.max(...inCompany) };
	}

	private note(ids: readonly string[], what: 'begun' | RunOutcome): void {
		const { process } = this;
		this.book.push(...ids.map((id) => ({ id, what, isAlone: ids.length === 1, process })));
	}
}

/** A portal, and a trigger that lives as often as it has to. */
export interface Lives {
	portal: SimulatedPortal;
	ledger: Ledger;
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

function beginLives({ settings, isOwn, incidents, runs, bad }: Story) {
	const portal = simulatedPortal();
	const ledger = new Ledger();
	const wrongs: string[] = [];
	// What is owed outlives a trigger that is saved, and dies with the process.
	const born = () => ({ n8n: new AbortController(), pendingAcks: new PendingAcks(), memory: createQueueMemory() });
	let process = born();
	const lives: Life[] = [];
	let started = 0;
	const pending = new Map(incidents);

	for (const [call, what] of incidents) {
		if (what === 'refused' || what === 'unheard' || what === 'unanswered') portal.troubles.set(call, what);
	}

	function kill(): Error {
		process.n8n.abort();
		lives.at(-1)?.node.abort();
		process = born();
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

	async function run(life: Life, records: readonly OfflineRecord[]): Promise<RunOutcome> {
		const ids = records.map(({ ID }) => ID);
		if (life.node.signal.aborted && settings.acknowledge !== 'onReceipt')
			wrongs.push(`${ids.join()} began after the end`);
		const { end = null, seconds = 0 } = runs[started++] ?? {};
		wrongs.push(...ledger.begin(life.number, ids));
		life.running++;
		if (seconds > 0) await sleep(seconds * 1000, life.n8n.signal);
		life.running--;
		if (end === 'killed' && life.n8n === process.n8n) kill();
		if (end === 'saved') life.node.abort();
		const usual = records.some((record) => bad.has(leadOf(record))) ? 'failed' : 'succeeded';
		const scripted = end === 'killed' || end === 'saved' ? null : end;
		const outcome = life.n8n.signal.aborted ? 'unknown' : (scripted ?? usual);
		ledger.end(life.number, ids, outcome);
		return outcome;
	}

	function begin(): void {
		const { n8n, pendingAcks, memory } = process;
		const life: Life = { number: lives.length, n8n, node: new AbortController(), hasEnded: false, running: 0 };
		// Before its first call, which may be the one that kills it.
		lives.push(life);
		const calls = portalBehind({ helpers: helpersOf(life) });
		const queue = openQueue(calls, calls, null);
		const elapsed = () => performance.now();
		const { ready, handling } = stationOf({
			portal,
			ready: { queue, pendingAcks, memory, retries: new Retries(memory), events: codes, isExclusive: isOwn },
			handling: {
				retryPolicy: createRetryPolicy({ ...settings, intervalMs: 30_000 }),
				isOnReceipt: settings.acknowledge === 'onReceipt',
				run: async (records) => await run(life, records),
				events: codes,
				signal: life.node.signal,
				elapsed,
			},
		});
		const log = { warn: () => {}, report: () => {}, info: () => {} };
		const consumer = new QueueConsumer(ready, {
			settings: { ...settings, checkEverySeconds: 30 },
			batchContext: handling,
			outage: createOutage({ now: Date.now, elapsed, isUnattended: false, ...log }),
			log,
			setUp: async () => ready,
		});
		void consumer.start().then(
			() => (life.hasEnded = true),
			(error: unknown) => wrongs.push(`It ended with ${String(error)}`),
		);
	}

	return {
		portal,
		ledger,
		wrongs,
		/** Sees to it that a trigger is alive, and lets time pass. */
		async goOn(seconds: number) {
			if (lives.at(-1)?.node.signal.aborted ?? true) begin();
			await jest.advanceTimersByTimeAsync(seconds * 1000);
		},
		/** Closes the trigger, which ends at once, or has a run under way; in the end all that there were have ended. */
		async close() {
			const life = lives.at(-1);
			life?.node.abort();
			await jest.advanceTimersByTimeAsync(0);
			if (life && !life.hasEnded && life.running === 0) wrongs.push('It did not end at once');
			await jest.advanceTimersByTimeAsync(200_000);
			if (!lives.every(({ hasEnded }) => hasEnded)) wrongs.push('It did not end');
		},
	};
}

/** Which lead a record is about. */
function leadOf({ EVENT_DATA: data }: OfflineRecord): number {
	return Number((data as { FIELDS: { ID: unknown } }).FIELDS.ID);
}

const mostSteps = 120;
// Once nothing new is queued, so that the pauses between runs pass.
const minutesAStep = 10;

/**
 * Tells a story until everything that was queued is confirmed or put aside, and then closes the trigger.
 *
 * @param listen may watch from the beginning
 * @returns with the ids of all records that were queued, by the number of their lead, from 1
 */
export async function tell(
	story: Story,
	queued: readonly string[][],
	listen: (lives: Lives) => void = () => {},
): Promise<Lives & { ids: string[] }> {
	jest.useFakeTimers();
	try {
		const lives = beginLives(story);
		const { portal } = lives;
		listen(lives);
		const ids: string[] = [];
		for (let step = 0; step < mostSteps; step++) {
			for (const event of queued[step] ?? []) ids.push(...portal.queue([ids.length + 1], { event }));
			await lives.goOn(step < queued.length ? 30 : minutesAStep * 60);
			if (step >= queued.length && portal.records().every(({ ERROR }) => ERROR === '1')) break;
		}
		await lives.close();
		return { ...lives, ids };
	} finally {
		jest.useRealTimers();
	}
}
