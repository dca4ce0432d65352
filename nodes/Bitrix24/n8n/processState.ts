import type { RateLimiter } from '../api/rateLimiter';
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
	/** Message id by record id. */
	failed: Map<string, string>;
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

	/**
	 * By workflow and node: activations that have not succeeded, with what they threw. A dropped one makes n8n report a
	 * failed clean-up twice.
	 */
	unfinishedActivations: new BoundedMap<string, string>(1_000),

	/** By portal, credential and kind: look-ups that gather. An entry goes two seconds after its last question. */
	lookups: new Map<string, SharedLookups>(),

	/** By portal, credential, kind and error: when it was last logged. A dropped one is logged once more within the hour. */
	refusedLookups: new BoundedMap<string, number>(500),

	/** How many runs of Bitrix24 Trigger wait for a record; each holds some 8 MiB. */
	runsWaiting: { count: 0 },
};
