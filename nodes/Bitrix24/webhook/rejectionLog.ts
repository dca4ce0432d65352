import { createLog, type LogContext, portalForLog } from '../n8n/log';
import type { TriggerContext } from '../n8n/processState';
import { processState, triggerKey } from '../n8n/processState';
import { isWithin } from '../n8n/timing';
import type { RejectionCode } from './verify';

const periodMs = 60_000;

/**
 * Logs that a delivery was rejected: for each trigger and reason the first at once, then one line a minute with a count,
 * so that nobody can fill a disk.
 *
 * @param domain that the delivery names
 */
export function logRejection(
	context: LogContext & TriggerContext,
	domain: string | undefined,
	code: RejectionCode,
	reason: string,
): void {
	const { rejections } = processState;
	const key = JSON.stringify([triggerKey(context), code, reason]);
	const log = createLog(context);
	const why = `(${code}): ${reason}.`;
	const count = rejections.get(key);
	const now = Date.now();
	if (count === undefined || !isWithin(count.loggedAt, periodMs, now)) {
		rejections.set(key, { loggedAt: now, unlogged: 0 });
		log.warn(`rejected a delivery of ${portalForLog(domain)} ${why}`);
		return;
	}
	count.unlogged += 1;
	if (count.unlogged > 1) return;
	// A timer of this kind does not keep n8n from ending.
	AbortSignal.timeout(count.loggedAt + periodMs - now).addEventListener('abort', () => {
		const { unlogged } = count;
		Object.assign(count, { loggedAt: Date.now(), unlogged: 0 });
		log.warn(`rejected ${unlogged} more, the first of them of ${portalForLog(domain)} ${why}`);
	});
}
