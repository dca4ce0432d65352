import type { IAllExecuteFunctions, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import { z } from 'zod';

import { createClient } from '../api/client';
import { bitrixBoolean } from '../api/response';
import { testEventCode } from '../event/codes';
import type { Bitrix24Event } from '../event/event';
import { toItem, toRawItem } from '../event/webhookItem';
import { eventTokenTransport } from '../n8n/transports';
import type { TriggerSettings } from '../settings/settings';
import type { Verifier } from './verifier';

/**
 * Starts the workflow with a proven event.
 *
 * @param isSample whether the event stands for a sample that the editor asked for
 */
export async function startWorkflow(
	context: IWebhookFunctions,
	event: Bitrix24Event,
	settings: TriggerSettings,
	{ app }: Verifier,
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

const timeoutMs = 3_000;

const part = z.string().trim().nullish().catch(null);
const profileSchema = z.object({ NAME: part, LAST_NAME: part, ADMIN: bitrixBoolean.nullish() });

/** Who caused an event. */
export type UserColumns = { userName: string | null; userIsAdmin: boolean | null };

const unknownUser: UserColumns = { userName: null, userIsAdmin: null };

/**
 * Looks up who caused an event (`profile`, with the event's own token, on the credential's portal), for three seconds at
 * most. Whatever goes wrong, the event goes on without a name.
 *
 * @param helpers n8n's request helpers
 * @param origin the portal's address from the credential
 * @param accessToken the event's own, undefined when Bitrix24 tied the event to nobody
 */
export async function lookUpUser(
	helpers: Pick<IAllExecuteFunctions['helpers'], 'httpRequest'>,
	origin: string,
	accessToken: string | undefined,
): Promise<UserColumns> {
	if (accessToken === undefined) return unknownUser;
	const transport = eventTokenTransport(helpers, accessToken, AbortSignal.timeout(timeoutMs));
	const answer = await createClient({ origin, transport, sleep, now: Date.now, maxRetries: 0 }).tryCall('profile');
	const read = profileSchema.safeParse(answer.ok ? answer.result : null);
	if (!read.success) return unknownUser;
	const { NAME: name, LAST_NAME: lastName, ADMIN: isAdmin } = read.data;
	const userName = [name, lastName].filter((text) => text).join(' ');
	return { userName: userName === '' ? null : userName, userIsAdmin: isAdmin ?? null };
}
