import type { IWebhookFunctions } from 'n8n-workflow';

import { newestId } from '../api/recordLookup';
import type { Bitrix24Event } from '../event/event';
import { exampleData } from '../event/examples';
import { parseJson } from '../event/jsonBody';
import { recordRef, withRecordId } from '../event/record';
import { openClient } from '../n8n/openClient';
import type { TriggerSettings } from '../settings/settings';

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
