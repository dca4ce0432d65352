import { z } from 'zod';

import type { EventFields } from './itemFields';
import { applicationStatus, extraData, toEventFields, toUserId } from './itemFields';
import type { Json, PayloadValue } from './payload';
import { isPayloadObject, isPrototypeKey, jsonSchema, textSchema } from './payload';
import { redact, secretsIn } from './redact';

/** A record of the portal's queue, as `event.offline.get` and `event.offline.list` return it. */
export const offlineRecordSchema = z.object({
	ID: textSchema.pipe(z.string().regex(/^\d+$/)),
	TIMESTAMP_X: z.string().catch(''),
	EVENT_NAME: z.string().min(1),
	/** `false` for an event that has no data. */
	EVENT_DATA: jsonSchema.catch(false),
	/** Who did it. */
	EVENT_ADDITIONAL: jsonSchema.catch(false),
	/** A hash of event and data: the same for every change of the same object. */
	MESSAGE_ID: textSchema.pipe(z.string().min(1)),
});

/** A record of the portal's queue. */
export type OfflineRecord = z.infer<typeof offlineRecordSchema>;

/** The portal whose queue it is, from the credential: its records do not name it. */
export interface PortalInfo {
	memberId: string;
	/** `https://portal/rest/`, null when the authorization server named none. */
	endpoint: string | null;
	/** The app's status letter. */
	status: string | undefined;
}

/** What a workflow receives for a queued event, flat, so that it maps straight to the columns of a table. */
export type QueueItem = EventFields & {
	queuedAt: string | null;
	portalDomain: string | null;
	portalMemberId: string;
	portalEndpoint: string | null;
	applicationStatus: string | null;
	userId: number | string | null;
	messageId: string;
	data?: PayloadValue;
};

/** Makes the simplified item of a queued event. */
export function toQueueItem(record: OfflineRecord, portal: PortalInfo): QueueItem {
	// Not always an object: for an open channel's connection it is the channel's id.
	const sent = toPayload(record.EVENT_DATA || null);
	const data = sent === undefined ? undefined : redact(sent, secretsIn(sent));
	const { endpoint } = portal;
	return {
		...toEventFields(record.EVENT_NAME.toUpperCase(), data),
		queuedAt: toIso(record.TIMESTAMP_X),
		portalDomain: endpoint !== null && URL.canParse(endpoint) ? new URL(endpoint).host : null,
		portalMemberId: portal.memberId,
		portalEndpoint: endpoint,
		applicationStatus: applicationStatus(portal.status),
		userId: toUserId(userIdOf(record)),
		messageId: record.MESSAGE_ID,
		...extraData(data),
	};
}

/** Makes the item of a queued event with `simplify` off: the record as Bitrix24 names it, without tokens. */
export function toRawQueueItem(record: OfflineRecord): { [key: string]: Json } {
	const { ID, TIMESTAMP_X, EVENT_NAME, EVENT_DATA, EVENT_ADDITIONAL, MESSAGE_ID } = record;
	const secrets = secretsIn([EVENT_DATA, EVENT_ADDITIONAL]);
	return {
		ID,
		TIMESTAMP_X,
		EVENT_NAME,
		EVENT_DATA: redact(EVENT_DATA, secrets),
		EVENT_ADDITIONAL: redact(EVENT_ADDITIONAL, secrets),
		MESSAGE_ID,
	};
}

/** Who did it, as sent; undefined for nobody. */
export function userIdOf({ EVENT_ADDITIONAL: additional }: OfflineRecord): string | undefined {
	const sent = toPayload(additional);
	const userId = isPayloadObject(sent) ? sent.user_id : undefined;
	return typeof userId === 'string' ? userId : undefined;
}

/**
 * Brings a value of the queue into the form that a delivery has: numbers and truth values written as PHP writes them, null
 * left out. It is the portal's own, so that the bounds for hostile senders do not apply.
 */
export function toPayload(value: Json): PayloadValue | undefined {
	if (value === null) return undefined;
	if (typeof value === 'boolean') return value ? '1' : '0';
	if (typeof value !== 'object') return String(value);
	if (Array.isArray(value)) return value.map(toPayload).filter((item) => item !== undefined);
	const entries: Array<[string, PayloadValue]> = [];
	for (const [key, item] of Object.entries(value)) {
		const payload = isPrototypeKey(key) ? undefined : toPayload(item);
		if (payload !== undefined) entries.push([key, payload]);
	}
	return Object.fromEntries(entries);
}

function toIso(timestamp: string): string | null {
	const time = Date.parse(timestamp);
	return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** What a workflow receives for records of a portal's queue, in their order. */
export function toQueueItems(
	records: readonly OfflineRecord[],
	portal: PortalInfo,
	simplify: boolean,
): Array<QueueItem | { [key: string]: Json }> {
	return records.map((record) => (simplify ? toQueueItem(record, portal) : toRawQueueItem(record)));
}
