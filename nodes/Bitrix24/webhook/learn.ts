import type { IWebhookFunctions } from 'n8n-workflow';

import type { Connection } from '../api/connection';
import type { Portal } from '../api/createPortal';
import type { LearnedToken } from '../subscription/learnedToken';
import { storeLearnedToken } from '../subscription/learnedToken';
import { testEventCode } from '../subscription/testEventCode';

/**
 * Keeps what a challenge that came back has taught, and takes the handler down that waited for it. One that stays bound
 * is taken down by the next activation or start of n8n.
 *
 * @param isWanted whether the user selected the test event itself, so that its handler has to stay
 */
export async function learn(
	context: IWebhookFunctions,
	{ connection, portal }: { connection: Connection; portal: Portal },
	token: LearnedToken,
	isWanted: boolean,
): Promise<void> {
	storeLearnedToken(context.getWorkflowStaticData('node'), connection, token);
	const handler = context.getNodeWebhookUrl('default');
	if (isWanted || handler === undefined) return;
	const answer = await portal.call('event.unbind', { event: testEventCode, handler });
	if (!answer.ok) {
		context.logger.warn(
			`Bitrix24 Trigger has learned its application token, but could not take its ${testEventCode} handler down (${answer.failure.code}). The next activation of the workflow, or start of n8n, does.`,
		);
	}
}
