import { z } from 'zod';

import type { Parameters } from './parameters';
import { readEvents } from './readEvents';

// Made once: a form is read for every delivery. An option that is not there has a default, which costs no search for what
// is wrong with it.
const authentication = z.enum(['oAuth2', 'outgoingWebhook']).catch('oAuth2');
const simplify = z.boolean().catch(true);
const options = z
	.object({
		includeUser: z.boolean().catch(false).default(false),
		maxAgeMinutes: z.coerce.number().min(0).catch(0).default(0),
		testWith: z.enum(['sample', 'realEvent']).catch('sample').default('sample'),
	})
	.catch({ includeUser: false, maxAgeMinutes: 0, testWith: 'sample' });

/** What the user chose in the trigger's form. */
export type TriggerSettings = {
	authentication: 'oAuth2' | 'outgoingWebhook';
	/** Codes in upper case, of both lists. */
	events: string[];
	simplify: boolean;
} & z.infer<typeof options>;

/** Reads the form of Bitrix24 Trigger, once. */
export function readTriggerSettings(context: Parameters): TriggerSettings {
	return {
		authentication: authentication.parse(context.getNodeParameter('authentication', 'oAuth2')),
		events: readEvents(context),
		simplify: simplify.parse(context.getNodeParameter('simplify', true)),
		...options.parse(context.getNodeParameter('options', {})),
	};
}
