import { randomBytes } from 'node:crypto';
import { z } from 'zod';

import type { Client } from '../api/client';
import type { ApiResult } from '../api/response';
import { bitrixTrue, isAlreadyBound, parseResponse } from '../api/response';
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

const askedSchema = z.object({
	result: z.object({ bind: bitrixTrue.optional(), test: bitrixTrue }),
	// PHP writes an empty list where there are no names.
	result_error: z.object({ bind: z.unknown() }).catch({ bind: undefined }),
});

type AskingContext = LogContext & TriggerContext & Parameters<typeof challengeScope>[0];

/**
 * Asks the portal for the application token, by one request: what was learned can get lost, and its handler is gone by
 * then. The answer is a delivery like the one after an activation. Nobody waits for it but the next activation or
 * deactivation, which ends it.
 */
export function askAgain(context: AskingContext, client: Client, connection: Connection, address: string): void {
	const watch = tokenWatchOf(context);
	const stop = new AbortController();
	const { signal } = stop;
	const asked = ask(context, client.extend({ signal }), connection, address, signal);
	watch.asking = { stop, done: asked.finally(() => delete watch.asking) };
}

async function ask(
	context: AskingContext,
	client: Client,
	connection: Connection,
	address: string,
	stop: AbortSignal,
): Promise<void> {
	const test = new URLSearchParams({ challenge: newChallenge(context, connection, 'learn', address) });
	tokenWatchOf(context).askedAgainAt = Date.now();
	const bind = new URLSearchParams({ event: testEventCode, handler: address });
	const cmd = { bind: `event.bind?${bind}`, test: `event.test?${test}` };
	const result = await client.tryCall('batch', { halt: 0, cmd });
	if (stop.aborted) return;
	const log = createLog(context);
	const why = whyNotAsked(result);
	if (why === null) {
		log.info('it does not know its application token (any more), and has asked Bitrix24 for it again.');
	} else {
		log.warn(`it does not know its application token (any more), and could not ask Bitrix24 for it (${why}).`);
	}
}

/** null where the portal is going to send the test event to a handler that is bound. */
function whyNotAsked(answer: ApiResult): string | null {
	if (!answer.ok) return answer.failure.code;
	const read = askedSchema.safeParse(answer.result);
	if (!read.success) return 'it does not say that it sends the test event';
	if (read.data.result.bind) return null;
	const bound = parseResponse(400, read.data.result_error.bind);
	return bound.ok || isAlreadyBound(bound.failure) ? null : bound.failure.code;
}
