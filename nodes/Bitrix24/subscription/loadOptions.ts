import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { z } from 'zod';

import { eventCatalogue } from '../event/catalogue';
import { canonicalCode } from '../event/codes';
import { withNodeErrors } from '../n8n/nodeError';
import { openClient } from '../n8n/openClient';

/**
 * The events that the connected portal knows beside the catalogue (those of smart processes, and new ones).
 *
 * @throws NodeOperationError with advice when the portal does not answer
 */
export async function getOtherEvents(context: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	if (context.getCurrentNodeParameter('authentication') === 'outgoingWebhook') return [];
	return await withNodeErrors(context.getNode(), async () => {
		const { client } = await openClient(context);
		const known = await client.call('events', {}, z.array(z.string()));
		const documented = new Set(eventCatalogue.map(({ code }) => code));
		return [...new Set(known.map((code) => code.toUpperCase()))]
			.filter((code) => !documented.has(canonicalCode(code)))
			.sort((a, b) => a.localeCompare(b))
			.map((code) => ({ name: code, value: code }));
	});
}
