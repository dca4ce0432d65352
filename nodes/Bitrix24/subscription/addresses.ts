import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { z } from 'zod';

import { parseUrl } from '../connection/portalUrl';
import type { Client } from '../api/client';
import { createLog } from '../n8n/log';
import type { TriggerContext } from '../n8n/processState';
import type { BoundHandler } from './handlers';
import { handlersAt, reconcile } from './handlers';

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

/** Where else handlers of this trigger's may be bound: at its test URLs, and where it was reached before. */
export function otherAddresses(context: IHookFunctions, handler: string): string[] {
	const former = rememberedAddress(context, context.getWorkflowStaticData('node'));
	return [...testAddresses(context, handler), ...(former === null || former === handler ? [] : [former])];
}

/** Whether nothing of the app's is bound at an address. */
export function isFree(all: readonly BoundHandler[], handler: string): boolean {
	return handlersAt(all, { kind: 'online', handler }).length === 0;
}

/**
 * Takes down what is bound at other addresses of the trigger's. n8n got another address (WEBHOOK_URL), or ended while the
 * editor listened: nothing else does it.
 *
 * @param current where it receives now
 * @param all what the app has bound
 * @throws ActionableError when the portal refuses
 */
export async function leaveOtherAddresses(
	context: IHookFunctions,
	client: Client,
	current: string,
	all: readonly BoundHandler[],
): Promise<void> {
	for (const handler of otherAddresses(context, current)) {
		if (isFree(all, handler)) continue;
		await leave(client, handler, all);
		createLog(context).info(
			`it receives events at ${current} now, and has taken down the handlers that it had at ${handler}.`,
		);
	}
}

/** Takes down everything that is bound at an address. */
export async function leave(client: Client, handler: string, all: readonly BoundHandler[]): Promise<void> {
	const destination = { kind: 'online', handler } as const;
	await reconcile({ client, destination }, [], handlersAt(all, destination));
}
