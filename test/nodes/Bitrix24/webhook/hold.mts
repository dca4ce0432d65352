import { hashOf } from '../../../../nodes/Bitrix24/applicationToken/learnedToken.js';
import { processState } from '../../../../nodes/Bitrix24/n8n/processState.js';
import type { RequestParts } from '../../../../nodes/Bitrix24/webhook/readBody.js';
import { readBody } from '../../../../nodes/Bitrix24/webhook/readBody.js';
import { receive } from '../../../../nodes/Bitrix24/webhook/receive.js';
import { webhookContext } from '../../../fakes/webhookContext.mjs';
import { expectBounded } from '../event/payloads.mjs';
import type { Receiver } from './receivers.mjs';
import { carriesChallenge, learnChallenge } from './receivers.mjs';
import type { Said } from './said.mjs';
import { isObject } from './said.mjs';

const statuses: Record<string, number> = {
	INVALID_APPLICATION_TOKEN: 403,
	WRONG_PORTAL: 403,
	INVALID_EVENT: 400,
	NOT_CONFIGURED: 500,
};

/**
 * Delivers to a trigger, and holds what comes of it against what may come of it.
 *
 * @param said what the delivery says, read by the test itself
 * @returns whether the workflow started
 * @throws when a promise is broken: what is not proven starts and teaches nothing, and every answer is one of the table
 */
export async function hold(request: RequestParts, said: Said, { given, mayStart }: Receiver): Promise<boolean> {
	// What deliveries may cost together is not the question here.
	processState.requestBudgets.clear();
	processState.rateLimiters.clear();
	expectBounded(readBody(request));
	const { context, answers, staticData } = webhookContext({ ...given, request });
	const known = JSON.stringify(staticData);
	const response = await receive(context);

	if (JSON.stringify(staticData) !== known) expectLearned(staticData.applicationToken, said);
	if (response.workflowData !== undefined) {
		if (!mayStart(said)) throw new Error('An unproven delivery started the workflow');
		if (answers.length > 0) throw new Error('It answered what n8n has to answer');
		return true;
	}
	// n8n answers these.
	if (response.webhookResponse !== undefined) answers.push({ status: 200, body: response.webhookResponse });
	const [answer, ...more] = answers;
	const body = isObject(answer?.body) ? answer.body : {};
	const status = body.message === 'Received' ? 200 : statuses[String(body.error)];
	const isOfTheTable = status !== undefined && answer?.status === status && more.length === 0;
	const isAnswered = (response.noWebhookResponse === true) !== (response.webhookResponse !== undefined);
	if (!isOfTheTable || !isAnswered) throw new Error(`It answered ${JSON.stringify(answers)}`);
	return false;
}

function expectLearned(learned: unknown, said: Said): void {
	if (!carriesChallenge(said, learnChallenge)) throw new Error('It learned from something else than its challenge');
	const token = said('auth[application_token]');
	if (token === null || !isObject(learned) || learned.hash !== hashOf(token))
		throw new Error('It learned another token');
}
