import type { OfflineRecord } from '../../nodes/Bitrix24/event/queueItem.js';

/** A deleted lead, as the portal's queue keeps it. */
export const queuedLead: OfflineRecord = {
	ID: '28',
	TIMESTAMP_X: '2025-03-24T09:06:39+00:00',
	EVENT_NAME: 'ONCRMLEADDELETE',
	EVENT_DATA: { FIELDS: { ID: 1000983 } },
	EVENT_ADDITIONAL: { user_id: 1 },
	MESSAGE_ID: '1cb5b1cba02fc3bd9f6b9ed3ae9ff64d',
};
