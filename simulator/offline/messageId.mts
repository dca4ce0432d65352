import { createHash } from 'node:crypto';
import type { EventData } from '../events/eventData.mjs';

/** `MESSAGE_ID`: 32 hexadecimal characters made of event and data, so the same for every change of the same object. */
export function messageId(event: string, data: EventData): string {
	return createHash('md5')
		.update(`${event}|${JSON.stringify(data)}`)
		.digest('hex');
}
