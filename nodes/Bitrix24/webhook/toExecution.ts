import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { Bitrix24Event } from '../event/parseEvent';
import { toItem } from '../event/toItem';
import { toRawItem } from '../event/toRawItem';
import type { TriggerSettings } from '../settings/triggerSettings';
import { testEventCode } from '../subscription/testEventCode';
import { lookUpUser } from './lookUpUser';
import type { Source } from './source';

/**
 * Starts the workflow with a proven event.
 *
 * @param isSample whether the event stands for a sample that the editor asked for
 */
export async function toExecution(
	context: IWebhookFunctions,
	event: Bitrix24Event,
	settings: TriggerSettings,
	{ app }: Source,
	isSample: boolean,
): Promise<IWebhookResponseData> {
	const isTest = isSample || event.code === testEventCode;
	if (!settings.simplify) return start(context, toRawItem(event, isTest));
	const item = toItem(event, isTest);
	if (!settings.includeUser) return start(context, item);
	const accessToken = app === null ? undefined : event.auth.access_token;
	const user = await lookUpUser(context.helpers, app?.connection.origin ?? '', accessToken);
	return start(context, { ...item, ...user });
}

function start(
	context: IWebhookFunctions,
	item: ReturnType<typeof toItem> | ReturnType<typeof toRawItem>,
): IWebhookResponseData {
	return { workflowData: [context.helpers.returnJsonArray([item])] };
}
