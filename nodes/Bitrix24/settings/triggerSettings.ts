import { z } from 'zod';

import { isRecord } from '../event/isRecord';
import type { Parameters } from './parameters';
import { readEvents } from './readEvents';
import { valueOr } from './valueOr';

// Made once: a form is read for every delivery.
const authentication = z.enum(['oAuth2', 'outgoingWebhook']);
const flag = z.boolean();
const age = z.coerce.number().min(0);
const testWith = z.enum(['sample', 'realEvent']);

/** What the user chose in the trigger's form. */
export interface TriggerSettings {
	authentication: 'oAuth2' | 'outgoingWebhook';
	/** Codes in upper case, of both lists. */
	events: string[];
	simplify: boolean;
	includeUser: boolean;
	/** 0 for any age, NaN where it is no number: what is no age may not stand for any age, and nothing is young enough then. */
	maxAgeMinutes: number;
	testWith: 'sample' | 'realEvent';
}

/** Reads the form of Bitrix24 Trigger, once. */
export function readTriggerSettings(context: Parameters): TriggerSettings {
	const given = context.getNodeParameter('options', {});
	const options = isRecord(given) ? given : {};
	return {
		authentication: valueOr(authentication, context.getNodeParameter('authentication', 'oAuth2'), 'oAuth2'),
		events: readEvents(context),
		simplify: valueOr(flag, context.getNodeParameter('simplify', true), true),
		includeUser: valueOr(flag, options.includeUser ?? false, false),
		maxAgeMinutes: valueOr(age, options.maxAgeMinutes ?? 0, NaN),
		testWith: valueOr(testWith, options.testWith ?? 'sample', 'sample'),
	};
}
