import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { exampleData } from '../description/eventExamples';
import type { Bitrix24Event } from '../event/parseEvent';
import { parseEvent } from '../event/parseEvent';
import { parseJson } from '../event/parseJson';
import { readTriggerSettings } from '../settings/triggerSettings';
import { testEventCode } from '../subscription/testEventCode';
import { accept, refuse } from './answer';
import { isFresh } from './isFresh';
import { isSelected } from '../event/isSelected';
import { learn } from './learn';
import { nameForLog } from './nameForLog';
import { outdatedToken } from './outdatedToken';
import { readBody } from './readBody';
import type { Source } from './source';
import { openSource } from './source';
import { toExecution } from './toExecution';
import type { RefusalCode } from './verdict';

/**
 * A delivery's way in: read, parse, prove, select, map, answer. Nothing that is not proven starts the workflow.
 *
 * @throws NodeOperationError for the person who listens in the editor, when the credential's application token is not
 * the app's any more; n8n shows it there
 */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const body = readBody(context.getRequestObject());
	const event = body === null ? null : parseEvent(body);
	if (event === null) return turnAway(context, undefined, 'INVALID_EVENT', 'it is not an event');

	const settings = readTriggerSettings(context);
	let source: Source;
	try {
		source = await openSource(context, settings);
	} catch (error) {
		const reason = error instanceof Error ? error.message : 'the credential can not be read';
		return turnAway(context, event, 'NOT_CONFIGURED', reason);
	}

	const verdict = await source.judge(event);
	switch (verdict.kind) {
		case 'refused':
			return turnAway(context, event, verdict.code, verdict.reason);
		case 'taught': {
			const response = accept(context);
			if (source.app) await learn(context, source.app, verdict, isSelected(testEventCode, settings.events));
			return response;
		}
		case 'sample': {
			const [code = event.code] = settings.events;
			return await toExecution(
				context,
				{ ...event, code, data: parseJson(exampleData(code)) ?? undefined },
				settings,
				source,
				true,
			);
		}
		case 'outdated':
			throw outdatedToken(context.getNode());
		case 'proven':
			if (!isFresh(event.ts, settings.maxAgeMinutes, Date.now())) {
				return turnAway(context, event, 'EXPIRED_EVENT', 'it is too old, or from the future');
			}
			if (!isSelected(event.code, settings.events)) return accept(context);
			return await toExecution(context, event, settings, source, false);
	}
}

function turnAway(
	context: IWebhookFunctions,
	event: Bitrix24Event | undefined,
	code: RefusalCode,
	reason: string,
): IWebhookResponseData {
	context.logger.warn(
		`Bitrix24 Trigger "${context.getNode().name}" refused a delivery of ${nameForLog(event?.auth.domain)} (${code}): ${reason}.`,
	);
	return refuse(context, code);
}
