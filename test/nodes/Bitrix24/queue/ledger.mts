import type { RunOutcome } from '../../../../nodes/Bitrix24/queue/run.js';

/** What became of records, over all lives of a trigger. */
export interface Ledger {
	/**
	 * Notes that a run begins. Returns what is wrong with it: one of its records is running already, or has succeeded, which
	 * only a killed process may forget; or they are out of order.
	 */
	begin(life: number, ids: readonly string[]): string[];
	/** Notes how a run of a life ended. */
	end(life: number, ids: readonly string[], verdict: RunOutcome): void;
	/** A process is killed: what it was running ends, and what it knew is forgotten. */
	died(): void;
	/** How often a record began to run. */
	begun(id: string): number;
	hasSucceeded(id: string): boolean;
	hasFailed(id: string): boolean;
	/** How often a record has failed in a run of its own, and in one with others in its worst process. */
	failures(id: string): { alone: number; inCompany: number };
	/** Record ids in the order in which they began to run first. */
	firstRuns: string[];
}

/** Keeps the books about runs: what happened, and what must not. */
export function createLedger(): Ledger {
	const running = new Map<string, number>();
	const begun = new Map<string, number>();
	const succeeded = new Set<string>();
	const remembered = new Set<string>();
	const alone = new Map<string, number>();
	const inCompany = new Map<string, number>();
	const firstRuns: string[] = [];
	// What a killed process knew of attempts is forgotten.
	let process = 0;
	const countUp = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);

	return {
		firstRuns,
		begin(life, ids) {
			const sorted = [...ids].sort((a, b) => Number(a) - Number(b));
			const wrongs = [
				...ids.filter((id) => running.has(id)).map((id) => `${id} runs already`),
				...ids.filter((id) => remembered.has(id)).map((id) => `${id} runs again after it succeeded`),
				...(sorted.join() === ids.join() ? [] : [`${ids.join()} are out of order`]),
			];
			for (const id of ids) {
				if (countUp(begun, id).get(id) === 1) firstRuns.push(id);
				running.set(id, life);
			}
			return wrongs;
		},
		end(life, ids, verdict) {
			for (const id of ids) {
				if (running.get(id) === life) running.delete(id);
				if (verdict === 'succeeded') succeeded.add(id);
				if (verdict === 'succeeded') remembered.add(id);
				if (verdict === 'failed' && ids.length === 1) countUp(alone, id);
				if (verdict === 'failed' && ids.length > 1) countUp(inCompany, `${process}:${id}`);
			}
		},
		died() {
			process++;
			running.clear();
			remembered.clear();
		},
		begun: (id) => begun.get(id) ?? 0,
		hasSucceeded: (id) => succeeded.has(id),
		hasFailed: (id) => alone.has(id) || [...inCompany.keys()].some((key) => key.endsWith(`:${id}`)),
		failures(id) {
			const worst = [...inCompany].filter(([key]) => key.endsWith(`:${id}`)).map(([, count]) => count);
			return { alone: alone.get(id) ?? 0, inCompany: Math.max(0, ...worst) };
		},
	};
}
