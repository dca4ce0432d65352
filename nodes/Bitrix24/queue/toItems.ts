import type { IDataObject } from 'n8n-workflow';

import type { OfflineRecord } from '../event/offlineRecord';
import type { QueuePortal } from '../event/toQueueItem';
import { toQueueItem, toRawQueueItem } from '../event/toQueueItem';

/** What a workflow receives for records of a portal's queue, in their order. */
export function toItems(records: readonly OfflineRecord[], portal: QueuePortal, simplify: boolean): IDataObject[] {
	return records.map((record) => (simplify ? toQueueItem(record, portal) : toRawQueueItem(record)));
}
