import type { QueueKey } from '../../offline/offlineQueue.mjs';
import type { Call } from '../call.mjs';
import { requireApp } from '../requireApp.mjs';
import { RestError } from '../restError.mjs';

/** The queue that a call is about. @throws RestError 403 for a caller who is no administrator, or no app */
export function offlineAccess(call: Call): QueueKey {
	const app = requireApp(call);
	if (!call.user.admin) throw RestError.denied();
	return { appId: app.id, connector: call.connector };
}

/** `process_id` of a call that must have one. @throws RestError 400 */
export function requireProcess({ params }: Call): string {
	if (!params.has('process_id')) throw RestError.missing('PROCESS_ID');
	return params.text('process_id');
}
