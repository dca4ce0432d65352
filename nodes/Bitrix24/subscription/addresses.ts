import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { z } from 'zod';

import { parseUrl } from '../connection/portalUrl';
import type { TriggerContext } from '../n8n/processState';

// Static data travels with a copy of the workflow or of the database: a remembered address says whose it is.
const addressSchema = z.object({ url: z.string(), workflowId: z.string(), nodeId: z.string() });

/** Remembers the URL at which a trigger has its handlers. */
export function rememberAddress(context: TriggerContext, staticData: IDataObject, url: string): void {
	if (rememberedAddress(context, staticData) === url) return;
	staticData.address = { url, workflowId: String(context.getWorkflow().id), nodeId: context.getNode().id };
}

/** The URL at which a trigger had its handlers last; null where it is another trigger's, or none. */
export function rememberedAddress(context: TriggerContext, staticData: IDataObject): string | null {
	const read = addressSchema.safeParse(staticData.address);
	if (!read.success) return null;
	const { url, workflowId, nodeId } = read.data;
	return workflowId === String(context.getWorkflow().id) && nodeId === context.getNode().id ? url : null;
}

/** Forgets it, once nothing is bound there any more. */
export function forgetAddress(staticData: IDataObject): void {
	// n8n takes a deletion for a change even where nothing is deleted, and saves the whole workflow's data then.
	if (staticData.address !== undefined) delete staticData.address;
}

// n8n's name for it, unless N8N_ENDPOINT_WEBHOOK_TEST says another, which a node cannot know while nobody listens.
const testEndpoint = 'webhook-test';

/**
 * The URLs at which the editor may have listened for this trigger: its path under the test endpoint, at the origin of
 * WEBHOOK_URL and at the editor's (n8n takes the one or the other, by which variables are set).
 *
 * @param url the trigger's production URL
 */
export function testAddresses(context: Pick<IHookFunctions, 'getInstanceBaseUrl'>, url: string): string[] {
	const production = new URL(url);
	// .../webhook/<the node's webhook id>/webhook
	const [, prefix = '', path = ''] = /^(.*?)\/[^/]+(\/[^/]+\/[^/]+)$/.exec(production.pathname) ?? [];
	const editor = context.getInstanceBaseUrl();
	const bases = [`${production.origin}${prefix}`, ...(parseUrl(editor) === null ? [] : [editor.replace(/\/+$/, '')])];
	const addresses = bases.map((base) => `${base}/${testEndpoint}${path}`);
	return [...new Set(addresses)].filter((address) => path !== '' && new URL(address).pathname !== production.pathname);
}
