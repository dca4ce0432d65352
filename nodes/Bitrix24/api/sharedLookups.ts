import type { Client } from './client';
import type { LookupKind, LookupResult, PortalRecord } from './recordLookup';
import { lookUp, pageSize } from './recordLookup';
import type { ApiFailure } from './response';

/** What is known of a record. */
export type Lookup =
	| { status: 'found'; record: PortalRecord }
	| { status: 'none' }
	| { status: 'refused'; failure: ApiFailure }
	/** `failure` is null where the portal has not been asked yet. */
	| { status: 'unanswered'; failure: ApiFailure | null };

/** Who asks. */
export interface LookupOptions {
	client: Client;
	/** Ends the waiting, with `unanswered`. */
	signal: AbortSignal;
	/** Whether to go on asking while the portal does not answer, until the signal ends it. */
	keepTrying: boolean;
}

/** What look-ups depend on. */
export interface LookupContext {
	sleep: (milliseconds: number) => Promise<void>;
	/** Called when nobody waits any more. */
	onIdle(): void;
}

interface Question {
	id: string;
	options: LookupOptions;
	failure: ApiFailure | null;
	settle(answer: Lookup): void;
	isSettled(): boolean;
}

/** Milliseconds in which questions gather. */
const gatheringMs = 2_000;

/**
 * Look-ups of one kind with one credential, shared by everything in this process that makes them: rights differ from
 * credential to credential. The first goes at once; what gathers meanwhile goes two seconds later, or as soon as it fills
 * a call. What is asked for in one go counts as one, cut into calls; what is asked for twice is looked up once. A call that
 * is under way answers nobody who asks later: the record may have changed since.
 */
export class SharedLookups {
	private waiting: Question[] = [];

	private isGathering = false;

	private gatherings = 0;

	constructor(
		private readonly kind: LookupKind,
		private readonly context: LookupContext,
		/** Of whoever asked last: the same credential, as it is now. */
		private client: Client,
	) {}

	/**
	 * Asks for records. Never throws, and ends with the signal at the latest.
	 *
	 * @param ids digits
	 * @returns an answer for each of the ids
	 */
	async ask(ids: readonly string[], options: LookupOptions): Promise<Map<string, Lookup>> {
		const { signal, client } = options;
		const answers = new Map<string, Lookup>();
		if (ids.length === 0) return answers;
		this.client = client;
		const done = new AbortController();
		await new Promise<void>((resolve) => {
			const questions: Question[] = [...new Set(ids)].map((id) => ({
				id,
				options,
				failure: null,
				settle: (answer) => {
					if (!answers.has(id)) answers.set(id, answer);
					if (answers.size === questions.length) resolve();
				},
				isSettled: () => answers.has(id),
			}));
			const giveUp = () => {
				for (const { settle, failure } of questions) settle({ status: 'unanswered', failure });
			};
			if (signal.aborted) return giveUp();
			// One for all of them: Node.js warns of a signal with more than ten.
			signal.addEventListener('abort', giveUp, { signal: done.signal });
			this.waiting.push(...questions);
			const waiting = new Set(this.stillWaiting().map(({ id }) => id));
			if (!this.isGathering || waiting.size >= pageSize) this.send();
		});
		done.abort();
		return answers;
	}

	private stillWaiting(): Question[] {
		return this.waiting.filter((question) => !question.isSettled());
	}

	/** Sends what waits, and lets the next questions gather. */
	private send(): void {
		const questions = this.stillWaiting();
		this.waiting = [];
		const byId = new Map<string, Question[]>();
		for (const question of questions) byId.set(question.id, [...(byId.get(question.id) ?? []), question]);
		void this.gather();
		const groups = [...byId.values()];
		for (let start = 0; start < groups.length; start += pageSize) void this.call(groups.slice(start, start + pageSize));
	}

	private async gather(): Promise<void> {
		const gathering = ++this.gatherings;
		this.isGathering = true;
		await this.context.sleep(gatheringMs);
		if (gathering !== this.gatherings) return;
		this.isGathering = false;
		if (this.stillWaiting().length > 0) this.send();
		else this.context.onIdle();
	}

	private async call(groups: Question[][]): Promise<void> {
		const questions = groups.flat();
		const ids = [...new Set(questions.map(({ id }) => id))];
		const result = await lookUp(this.client, this.kind, ids).catch(brokenOff);
		for (const question of questions) {
			if (result.status === 'answered') {
				const record = result.records.get(question.id);
				question.settle(record === undefined ? { status: 'none' } : { status: 'found', record });
			} else if (result.status === 'unanswered' && question.options.keepTrying) {
				question.failure = result.failure;
				this.waiting.push(question);
			} else {
				question.settle(result);
			}
		}
		if (this.stillWaiting().length > 0 && !this.isGathering) void this.gather();
	}
}

/** Whatever goes wrong in a call, those who wait for it have to end. */
function brokenOff(error: unknown): LookupResult {
	const description = error instanceof Error ? error.message : 'unknown reason';
	return { status: 'unanswered', failure: { status: null, code: 'NO_ANSWER', description } };
}
