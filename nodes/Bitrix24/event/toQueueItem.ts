import type { About } from './about';
import { aboutOf, extraOf, toUserId } from './about';
import { applicationStatus } from './applicationStatus';
import type { Json } from './json';
import type { OfflineRecord } from './offlineRecord';
import { parseJson } from './parseJson';
import type { Tree } from './tree';
import { withoutSecrets } from './withoutSecrets';

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
