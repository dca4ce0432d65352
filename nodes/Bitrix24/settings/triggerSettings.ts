import { z } from 'zod';

import type { Parameters } from './parameters';
import { readEvents } from './readEvents';

const options = z.object({
	includeUser: z.boolean().catch(false),
	maxAgeMinutes: z.coerce.number().min(0).catch(0),
	testWith: z.enum(['sample', 'realEvent']).catch('sample'),
});

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
		authentication: z
			.enum(['oAuth2', 'outgoingWebhook'])
			.catch('oAuth2')
			.parse(context.getNodeParameter('authentication', 'oAuth2')),
		events: readEvents(context),
		simplify: z.boolean().catch(true).parse(context.getNodeParameter('simplify', true)),
		...options
			.catch({ includeUser: false, maxAgeMinutes: 0, testWith: 'sample' })
			.parse(context.getNodeParameter('options', {})),
	};
}
