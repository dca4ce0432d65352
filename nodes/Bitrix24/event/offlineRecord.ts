import { z } from 'zod';

import { json } from './json';

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
