import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { testEventCode } from '../event/codes';
import type { Bitrix24Event } from '../event/event';
import { toItem, toRawItem } from '../event/webhookItem';
import type { TriggerSettings } from '../settings/settings';
import type { Verifier } from './verify';

/**
 * Starts the workflow with a verified event.
 *
 * @param isSample whether the event stands for a sample that the editor asked for
 */
export async function startWorkflow(
	context: Pick<IWebhookFunctions, 'helpers'>,
	event: Bitrix24Event,
	{ simplify, includeUser, includeRecord }: TriggerSettings,
	verifier: Verifier,
	isSample: boolean,
): Promise<IWebhookResponseData> {
	const isTest = isSample || event.code === testEventCode;
	const item = {
		...(simplify ? toItem(event, isTest) : toRawItem(event, isTest)),
		...(includeUser ? await verifier.userOf(event) : {}),
		// The trigger's step in the run fills it in. n8n's Engine 2.0 leaves that step out.
		...(includeRecord ? { record: null } : {}),
	};
	return { workflowData: [context.helpers.returnJsonArray([item])] };
}
