import { z } from 'zod';

import type { Parameters } from './parameters';
import { readEvents } from './readEvents';

// Made once, and without zod's defaults and transformations, which cost most: a form is read for every delivery.
const authentication = z.enum(['oAuth2', 'outgoingWebhook']).catch('oAuth2');
const simplify = z.boolean().catch(true);
const options = z
	.object({
		includeUser: z.boolean().optional().catch(undefined),
		// What is no age may not stand for any age: nothing is young enough then.
		maxAgeMinutes: z.coerce.number().min(0).optional().catch(NaN),
		testWith: z.enum(['sample', 'realEvent']).optional().catch(undefined),
	})
	.catch({});

/** What the user chose in the trigger's form. */
export type TriggerSettings = {
	authentication: 'oAuth2' | 'outgoingWebhook';
	/** Codes in upper case, of both lists. */
	events: string[];
	simplify: boolean;
} & Required<z.infer<typeof options>>;

/** Reads the form of Bitrix24 Trigger, once. */
export function readTriggerSettings(context: Parameters): TriggerSettings {
	const {
		includeUser = false,
		maxAgeMinutes = 0,
		testWith = 'sample',
	} = options.parse(context.getNodeParameter('options', {}));
	return {
		authentication: authentication.parse(context.getNodeParameter('authentication', 'oAuth2')),
		events: readEvents(context),
		simplify: simplify.parse(context.getNodeParameter('simplify', true)),
		includeUser,
		maxAgeMinutes,
		testWith,
	};
}
