import { randomBytes } from 'node:crypto';
import { z } from 'zod';

import type { Client } from '../api/client';
import { bitrixTrue } from '../api/response';
import type { Connection } from '../connection/oauth2';
import { testEventCode } from '../event/codes';
import type { LogContext } from '../n8n/log';
import { createLog } from '../n8n/log';
import type { TokenWatch, TriggerContext } from '../n8n/processState';
import { processState, triggerKey } from '../n8n/processState';
import { isWithin } from '../n8n/timing';
import type { Purpose } from './challenge';
import { challengeScope, makeChallenge } from './challenge';

/** What this process knows of a trigger's token; what is changed in it holds from then on. */
export function tokenWatchOf(context: TriggerContext): TokenWatch {
	const key = triggerKey(context);
	const watch = processState.tokenWatches.get(key) ?? {};
	processState.tokenWatches.set(key, watch);
	return watch;
}

/**
 * Makes the challenge of a question that is asked now.
 *
 * @param address where the trigger receives
 */
export function newChallenge(
	context: Parameters<typeof challengeScope>[0] & TriggerContext,
	connection: Connection,
	purpose: Purpose,
	address: string,
): string {
	const issuedAt = Date.now();
	if (purpose === 'learn') tokenWatchOf(context).askedAt = issuedAt;
	const challenge = { purpose, issuedAt, address };
	return makeChallenge(challengeScope(context, connection), challenge, randomBytes(16).toString('hex'));
}

// The answer to a question that was asked a moment ago may be under way.
const answerMs = 10_000;
const askAgainEveryMs = 10 * 60_000;

/** Whether a delivery that proves nothing makes the trigger ask for its token: once in ten minutes. */
export function mayAskAgain(context: TriggerContext, now: number): boolean {
	const { askedAt, askedAgainAt } = tokenWatchOf(context);
	return !isWithin(askedAt, answerMs, now) && !isWithin(askedAgainAt, askAgainEveryMs, now);
}

const askedSchema = z.object({ result: z.object({ test: bitrixTrue }) });

/**
 * Asks the portal for the application token, by one request: what was learned can get lost, and its handler is gone by
 * then. The answer is a delivery like the one after an activation. Never throws.
 *
 */
export async function askAgain(
	context: LogContext & TriggerContext & Parameters<typeof challengeScope>[0],
	client: Client,
	connection: Connection,
	address: string,
): Promise<void> {
	const test = new URLSearchParams({ challenge: newChallenge(context, connection, 'learn', address) });
	tokenWatchOf(context).askedAgainAt = Date.now();
	const bind = new URLSearchParams({ event: testEventCode, handler: address });
	const cmd = { bind: `event.bind?${bind}`, test: `event.test?${test}` };
	const result = await client.tryCall('batch', { halt: 0, cmd });
	const log = createLog(context);
	if (result.ok && askedSchema.safeParse(result.result).success) {
		log.info('it does not know its application token (any more), and has asked Bitrix24 for it again.');
	} else {
		const why = result.ok ? 'it does not say that it sends the test event' : result.failure.code;
		log.warn(`it does not know its application token (any more), and could not ask Bitrix24 for it (${why}).`);
	}
}
