import type { IDataObject } from 'n8n-workflow';

import { toActionableError } from '../api/errors';
import type { LookupKind, PortalRecord } from '../api/recordLookup';
import { personName } from '../api/recordLookup';
import type { ApiFailure } from '../api/response';
import type { Json } from '../event/payload';
import type { OfflineRecord, PortalInfo } from '../event/queueItem';
import { toPayload, toQueueItems, userIdOf } from '../event/queueItem';
import { recordRef, shapeRecord } from '../event/record';
import type { Log } from '../n8n/log';
import type { LookUp } from '../n8n/lookups';
import { isWithin } from '../n8n/timing';
import type { QueueSettings } from '../settings/settings';

/** What an item holds beside its event. */
export type Additions = { record?: { [field: string]: Json } | null; userName?: string | null; userIsAdmin?: null };

/**
 * Looks up what the items of records are to hold beside the event, before they run: many in one call.
 *
 * @param records of one batch
 * @param isLastChance whether what cannot be looked up within a while has to go without: nobody keeps the event
 * @returns by the record's id; a record that is missing has to wait
 */
export type AddTo = (
	records: readonly OfflineRecord[],
	lookUp: LookUp,
	isLastChance: boolean,
) => Promise<Map<string, Additions>>;

interface AdditionsContext {
	settings: Pick<QueueSettings, 'includeRecord' | 'recordFields' | 'includeUser'>;
	/** The node's end. */
	signal: AbortSignal;
	log: Log;
	/** Epoch milliseconds. */
	now: () => number;
}

const lastChanceMs = 15_000;
const hourMs = 3_600_000;

/** Makes what adds to the items of a queue. */
export function createAdditions({ settings, signal, log, now }: AdditionsContext): AddTo {
	const { includeRecord, recordFields, includeUser } = settings;
	let loggedAt: number | undefined;

	function logMissing(count: number, isLastChance: boolean, failure: ApiFailure | null): void {
		if (signal.aborted || isWithin(loggedAt, hourMs, now())) return;
		loggedAt = now();
		const reason = failure === null ? '' : ` ${toActionableError(failure).message}`;
		const outcome = isLastChance ? 'They go without' : 'They wait in the queue';
		log.warn(`what ${count} of the events are to hold could not be looked up. ${outcome}.${reason}`);
	}

	return async (records, lookUp, isLastChance) => {
		const wanted = records.map((record) => ({
			record,
			about: includeRecord ? refOf(record) : null,
			by: includeUser ? userOf(record) : null,
		}));
		const waiting = isLastChance
			? { signal: AbortSignal.any([signal, AbortSignal.timeout(lastChanceMs)]), keepTrying: true }
			: { signal, keepTrying: false };
		const idsByKind = new Map<LookupKind, Set<string>>();
		for (const { kind, id } of wanted.flatMap(({ about, by }) => [about, by].filter((ref) => ref !== null))) {
			idsByKind.set(kind, (idsByKind.get(kind) ?? new Set()).add(id));
		}
		const found = new Map<LookupKind, Map<string, PortalRecord | null>>();
		let failure: ApiFailure | null = null;
		// Each kind by itself: what holds up one of them holds up no other. And with a signal of its own, since Node.js warns of
		// one that more than ten listen to.
		await Promise.all(
			[...idsByKind].map(async ([kind, ids]) => {
				const looked = await lookUp(kind, [...ids], { ...waiting, signal: AbortSignal.any([waiting.signal]) });
				found.set(kind, looked.records);
				failure ??= looked.failure;
			}),
		);
		/** @returns undefined where it is not known yet */
		const read = (ref: Ref | null) => (ref === null ? null : found.get(ref.kind)?.get(ref.id));
		let missing = 0;
		const additions = new Map<string, Additions>();
		for (const { record, about, by } of wanted) {
			const [seen, user] = [read(about), read(by)];
			if (seen === undefined || user === undefined) {
				missing++;
				if (!isLastChance) continue;
			}
			additions.set(record.ID, {
				...(includeUser ? { userName: personName(user ?? {}), userIsAdmin: null } : {}),
				...(includeRecord ? { record: seen ? shapeRecord(seen, recordFields) : null } : {}),
			});
		}
		if (missing > 0) logMissing(missing, isLastChance, failure);
		return additions;
	};
}

/** What a workflow receives for records, with what was looked up for them. */
export function itemsWith(
	additions: ReadonlyMap<string, Additions>,
	records: readonly OfflineRecord[],
	portal: PortalInfo,
	simplify: boolean,
): IDataObject[] {
	return records.flatMap((record) =>
		toQueueItems([record], portal, simplify).map((item) => ({ ...item, ...additions.get(record.ID) })),
	);
}

interface Ref {
	kind: LookupKind;
	id: string;
}

function refOf({ EVENT_NAME, EVENT_DATA }: OfflineRecord): Ref | null {
	return recordRef(EVENT_NAME, toPayload(EVENT_DATA || null));
}

function userOf(record: OfflineRecord): Ref | null {
	const id = userIdOf(record);
	return id !== undefined && /^[1-9]\d{0,14}$/.test(id) ? { kind: 'user', id } : null;
}
