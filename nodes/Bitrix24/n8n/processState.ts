import type { RateLimiter } from '../api/rateLimiter';
import type { RequestBudget } from '../api/requestBudget';
import type { SharedLookups } from '../api/sharedLookups';

/** A map that drops its oldest entry when it is full. */
class BoundedMap<Key, Value> extends Map<Key, Value> {
	constructor(private readonly max: number) {
		super();
	}

	override set(key: Key, value: Value): this {
		this.delete(key);
		super.set(key, value);
		for (const oldest of this.keys()) {
			if (this.size <= this.max) break;
			this.delete(oldest);
		}
		return this;
	}
}

/** What is still to be acknowledged, or moved to failed, of one reservation. */
export interface PendingRecords {
	/** Ids of records. */
	acknowledged: Set<string>;
	/** By record id. */
	failed: Map<string, FailedRecord>;
	/** Whether it has been reported that the portal refuses it. */
	isRefused?: true;
}

/** A record that failed for the last time. */
export interface FailedRecord {
	id: string;
	messageId: string;
	event: string;
}

/** What is known of the runs of a record that is to run again. */
export interface Attempts {
	/** Runs that ended unsuccessfully. */
	failures: number;
	/** Runs after those of which nothing is known. */
	unknowns: number;
}

/** A record that stays reserved until its next run. */
export interface WaitingRecord extends Attempts {
	processId: string;
	/** Whether it had been moved to failed before. */
	isFailed: boolean;
	/** When it may run, on the clock of elapsed time. */
	dueAt: number;
}

/** What one queue's triggers remember from each other. Times are of the clock of elapsed time. */
export interface QueueMemory {
	/** By record id: what runs again. One that is dropped runs again at once, as if for the first time. */
	waiting: Map<string, WaitingRecord>;
	/** Whether the newest run of which anything is known was unsuccessful. */
	isFailing: boolean;
	/** Whether it has been reported that nothing is known of runs. */
	areUnknownsReported: boolean;
	/** Ids of records that failed for the last time and may still be reserved. A dropped one may run again. */
	exhausted: Map<string, true>;
	/**
	 * By message id: what was moved to failed, with its TIMESTAMP_X as it was listed afterwards, null until then. A dropped
	 * one comes back by Retry Errors only.
	 */
	failed: Map<string, string | null>;
	/** By message id: when it was reserved again because its object had changed. */
	cameBackAt: Map<string, number>;
	/** Names of records in an unknown form that have been logged. A dropped one is logged again. */
	strange: Map<string, true>;
}

/** The memory of a queue that nothing has happened in. */
export function createQueueMemory(): QueueMemory {
	return {
		waiting: new BoundedMap(50_000),
		isFailing: false,
		areUnknownsReported: false,
		exhausted: new BoundedMap(10_000),
		failed: new BoundedMap(10_000),
		cameBackAt: new BoundedMap(10_000),
		strange: new BoundedMap(1_000),
	};
}

/** What this process knows of a trigger's application token, beside what is stored. */
export interface TokenWatch {
	/** When the portal was last asked for the token, by whomever. Epoch milliseconds, as all times here. */
	askedAt?: number;
	/** When a delivery last made the trigger ask. */
	askedAgainAt?: number;
	/** When the challenge was made that taught the token last, also where the token was forgotten since. */
	taughtAt?: number;
	/** When a delivery was last judged by the credential as well. */
	checkedAt?: number;
	/** The hash of a learned token that the credential was found to contradict. */
	contradicted?: string;
	/** The handler that waited for the token is being unbound. */
	unbinding?: Promise<void>;
	/** The portal is being asked, or that waits for its turn. */
	asking?: { stop: AbortController; done: Promise<void> };
}

/** How often a delivery was rejected for one reason since that was logged last. */
export interface RejectionCount {
	loggedAt: number;
	unlogged: number;
}

/** How look-ups of users do on a portal. */
export interface UserLookUps {
	/** How many wait for an answer. */
	waiting: number;
	/** When one was given up last. Epoch milliseconds. */
	givenUpAt?: number;
}

/** The part of n8n's contexts that names a trigger. */
export interface TriggerContext {
	getWorkflow(): { id?: string };
	getNode(): { id: string };
}

/** Names a trigger in what outlives it. */
export function triggerKey(context: TriggerContext): string {
	return `${context.getWorkflow().id}/${context.getNode().id}`;
}

/**
 * Everything that outlives a trigger in this process. n8n closes a trigger and opens a new one when a workflow is saved,
 * and webhook methods share nothing else from call to call.
 */
export const processState = {
	/** By member id: all nodes share the portal's rate. A dropped one starts anew with a small burst. */
	rateLimiters: new BoundedMap<string, RateLimiter>(500),

	/** Where a renamed portal's REST was found, by portal URL, app and member id. A dropped one costs one redirect. */
	portalAddresses: new BoundedMap<string, string>(500),

	/** By the same: when a delivery last had it looked up. A dropped one may be looked up again. */
	addressLookUps: new BoundedMap<string, number>(500),

	/** By member id: what deliveries that prove nothing may cost. A dropped one starts anew. */
	requestBudgets: new BoundedMap<string, RequestBudget>(500),

	/** By member id. A dropped one starts anew. */
	userLookUps: new BoundedMap<string, UserLookUps>(500),

	/** By portal URL, app and member id: which app the credential's is, `ID` and `CODE`. A dropped one costs a call. */
	apps: new BoundedMap<string, string>(500),

	/** By workflow and node. A dropped one has a delivery judged in full, and may ask again too soon. */
	tokenWatches: new BoundedMap<string, TokenWatch>(1_000),

	/** By workflow, node and reason. A dropped one is logged at once again. */
	rejections: new BoundedMap<string, RejectionCount>(1_000),

	/**
	 * Reservations whose records are running, so that the next trigger does not recover them. Each open trigger
	 * runs one at a time, and takes it out when the run ends.
	 */
	reservationsInFlight: new Set<string>(),

	/**
	 * By queue, then by reservation: what the portal has not taken yet. A record in it must not run again, so nothing is
	 * dropped: an entry goes once the portal has taken it. There are as many queues as queue triggers.
	 */
	pendingAcks: new Map<string, Map<string, PendingRecords>>(),

	/** By queue: what pauses until its next run, and what was moved to failed. A dropped one starts all attempts anew. */
	queueMemories: new BoundedMap<string, QueueMemory>(500),

	/**
	 * By queue, workflow and node: what the portal was seen to collect last, and when (epoch milliseconds). A dropped one
	 * hides that events were lost before the next activation.
	 */
	collecting: new BoundedMap<string, { events: readonly string[]; at: number }>(1_000),

	/**
	 * By workflow, node, and whether the editor listens: activations that have not succeeded, with what they threw. A dropped
	 * one makes n8n report a failed clean-up twice.
	 */
	unfinishedActivations: new BoundedMap<string, string>(1_000),

	/** By portal, credential and kind: look-ups that gather. An entry goes two seconds after its last question. */
	lookups: new Map<string, SharedLookups>(),

	/** By portal, credential, kind and error: when it was last logged. A dropped one is logged once more within the hour. */
	refusedLookups: new BoundedMap<string, number>(500),

	/** Runs of Bitrix24 Trigger that wait for a record, each with some 8 MiB: a hundred at most. */
	runsWaiting: new Set<symbol>(),
};
