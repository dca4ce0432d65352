import type { Params } from '../params.mjs';
import { RestError } from '../restError.mjs';

/** `event_type`: whether it is about the offline queue. @throws RestError 400 for anything but online and offline */
export function isOffline(params: Params): boolean {
	const type = params.text('event_type').toLowerCase() || 'online';
	if (type !== 'online' && type !== 'offline') throw RestError.argument('Value must be one of {online|offline}');
	return type === 'offline';
}
