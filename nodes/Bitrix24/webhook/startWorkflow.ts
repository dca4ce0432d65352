import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { newestId } from '../api/recordLookup';
import { testEventCode } from '../event/codes';
import type { Bitrix24Event } from '../event/event';
import { exampleData } from '../event/examples';
import { parseJson } from '../event/jsonBody';
import { recordRef, withRecordId } from '../event/record';
import { toItem, toRawItem } from '../event/webhookItem';
import { openClient } from '../n8n/openClient';
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

/**
 * What a sample for the editor looks like: the first selected event, with an example id. Where records are wanted, it is
 * about the newest one of its kind, so that there are fields to map.
 *
 * @param event the test event that came instead
 */
export async function sampleEvent(
	context: IWebhookFunctions,
	event: Bitrix24Event,
	{ events, includeRecord }: TriggerSettings,
): Promise<Bitrix24Event> {
	const [code = event.code] = events;
	const data = parseJson(exampleData(code)) ?? undefined;
	const example = includeRecord ? recordRef(code, data) : null;
	if (example === null || data === undefined) return { ...event, code, data };
	const newest = await newestId((await openClient(context)).client, example.kind);
	return { ...event, code, data: newest === null ? data : withRecordId(data, example.id, newest) };
}
