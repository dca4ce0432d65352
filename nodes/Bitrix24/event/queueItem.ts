import { z } from 'zod';

import type { About } from './itemFields';
import { aboutOf, applicationStatus, extraOf, toUserId } from './itemFields';
import { parseJson } from './jsonBody';
import type { Json, Tree } from './payload';
import { json } from './payload';
import { withoutSecrets } from './redact';

const text = z.union([z.string(), z.number()]).transform(String);

/** A record of the portal's queue, as `event.offline.get` and `event.offline.list` return it. */
export const offlineRecord = z.object({
	ID: text,
	TIMESTAMP_X: z.string().catch(''),
	EVENT_NAME: z.string(),
	/** `false` for an event that has no data. */
	EVENT_DATA: json.catch(false),
	/** Who did it. */
	EVENT_ADDITIONAL: json.catch(false),
	/** A hash of event and data: the same for every change of the same object. */
	MESSAGE_ID: text,
});

/** A record of the portal's queue. */
export type OfflineRecord = z.infer<typeof offlineRecord>;

/** The portal whose queue it is, from the credential: its records do not name it. */
export interface QueuePortal {
	memberId: string;
	/** `https://portal/rest/`, null when the authorization server named none. */
	endpoint: string | null;
	/** The app's status letter. */
	status: string | undefined;
}

/** What a workflow receives for a queued event, flat, so that it maps straight to the columns of a table. */
export type QueueItem = About & {
	queuedAt: string | null;
	portalDomain: string | null;
	portalMemberId: string;
	portalEndpoint: string | null;
	applicationStatus: string | null;
	userId: number | string | null;
	messageId: string;
	data?: Tree;
};

const noSecrets: ReadonlySet<string> = new Set();

/** Makes the simplified item of a queued event. */
export function toQueueItem(record: OfflineRecord, portal: QueuePortal): QueueItem {
	// Not every event has a map there: of an open channel's connection, it is the channel's id.
	const { data: sent } = parseJson({ data: record.EVENT_DATA || null }) ?? {};
	const data = sent === undefined ? undefined : withoutSecrets(sent, noSecrets);
	const { user_id: userId } = parseJson(record.EVENT_ADDITIONAL) ?? {};
	const { endpoint } = portal;
	return Object.assign(
		aboutOf(record.EVENT_NAME.toUpperCase(), data),
		{
			queuedAt: toIso(record.TIMESTAMP_X),
			portalDomain: endpoint !== null && URL.canParse(endpoint) ? new URL(endpoint).host : null,
			portalMemberId: portal.memberId,
			portalEndpoint: endpoint,
			applicationStatus: applicationStatus(portal.status),
			userId: toUserId(typeof userId === 'string' ? userId : undefined),
			messageId: record.MESSAGE_ID,
		},
		extraOf(data),
	);
}

/** Makes the item of a queued event with `simplify` off: the record as Bitrix24 names it, without tokens. */
export function toRawQueueItem(record: OfflineRecord): { [key: string]: Json } {
	const { ID, TIMESTAMP_X, EVENT_NAME, EVENT_DATA, EVENT_ADDITIONAL, MESSAGE_ID } = record;
	return {
		ID,
		TIMESTAMP_X,
		EVENT_NAME,
		EVENT_DATA: withoutSecrets(EVENT_DATA, noSecrets),
		EVENT_ADDITIONAL: withoutSecrets(EVENT_ADDITIONAL, noSecrets),
		MESSAGE_ID,
	};
}

function toIso(timestamp: string): string | null {
	const time = Date.parse(timestamp);
	return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** What a workflow receives for records of a portal's queue, in their order. */
export function toItems(
	records: readonly OfflineRecord[],
	portal: QueuePortal,
	simplify: boolean,
): Array<QueueItem | { [key: string]: Json }> {
	return records.map((record) => (simplify ? toQueueItem(record, portal) : toRawQueueItem(record)));
}
