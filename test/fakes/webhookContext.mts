import type { IDataObject, IWebhookFunctions, LogMetadata, WorkflowExecuteMode } from 'n8n-workflow';

import type { RequestParts } from '../../nodes/Bitrix24/webhook/readBody.js';
import { formOf } from './delivery.mjs';
import type { SimulatedPortal } from './simulatedPortal.mjs';
import { simulatedPortal } from './simulatedPortal.mjs';

export const productionUrl = 'https://n8n.example.com/webhook/0d2f/webhook';

/** What a test gives. */
export interface Given {
	/** The payload, posted as a form. */
	payload?: { [key: string]: unknown };
	/** The request, where it is not that form. */
	request?: RequestParts;
	parameters?: { [name: string]: unknown };
	/** By credential type; an error to throw where n8n cannot read it. */
	credentials?: { [type: string]: unknown };
	staticData?: IDataObject;
	mode?: WorkflowExecuteMode;
	portal?: SimulatedPortal;
	workflowId?: string;
	nodeId?: string;
	/** The id of the credential that the node names; null where it has none. */
	credentialId?: string | null;
	/** null where n8n has none. */
	url?: string | null;
}

/** n8n's context of one delivery, and what became of it. */
export type FakeDelivery = ReturnType<typeof webhookContext>;

export function webhookContext(given: Given) {
	const { payload = {}, parameters = {}, credentials = {}, staticData = {}, mode = 'webhook' } = given;
	const portal = given.portal ?? simulatedPortal();
	const answers: Array<{ status: number; body: unknown }> = [];
	/** What was logged, metadata included. */
	const log: string[] = [];
	const { credentialId = 'credential-1' } = given;
	const nodeCredentials = { bitrix24OAuth2Api: { id: credentialId, name: 'Bitrix24' } };
	const used = {
		...nodeContext({ ...given, parameters, credentials, staticData, mode }, log),
		getRequestObject: () => given.request ?? formRequest(formOf(payload)),
		getResponseObject: () => ({
			status: (status: number) => ({ json: (body: unknown) => void answers.push({ status, body }) }),
		}),
		getNode: () => ({ ...ourNode, id: given.nodeId ?? 'node-1', credentials: nodeCredentials }),
		getWorkflow: () => ({ id: given.workflowId ?? 'workflow-1', active: true }),
		helpers: { ...portal.helpers, returnJsonArray: (items: IDataObject[]) => items.map((json) => ({ json })) },
	};
	// Only what the trigger uses is there; anything else is undefined, and a test that reaches for it falls over.
	return { context: used as unknown as IWebhookFunctions, portal, staticData, answers, log };
}

/** The node as n8n names it. */
export const ourNode = { id: 'node-1', name: 'When a Lead Goes', type: 'x', typeVersion: 1, position: [0, 0] };

type NodeGiven = Required<Pick<Given, 'parameters' | 'credentials' | 'staticData' | 'mode'>> & Pick<Given, 'url'>;

/** What n8n's contexts of a webhook node have in common. `log` takes what is logged. */
export function nodeContext({ parameters, credentials, staticData, mode, url }: NodeGiven, log: string[]) {
	const write = (message: string, metadata?: LogMetadata) => {
		log.push(`${message}${metadata ? JSON.stringify(metadata) : ''}`);
	};
	return {
		getNodeParameter: (name: string, fallback?: unknown) => parameters[name] ?? fallback,
		getCredentials: async (type: string) => {
			const credential = credentials[type];
			if (credential === undefined) throw new Error(`Node does not have any credentials of type ${type}`);
			if (credential instanceof Error) throw credential;
			return credential;
		},
		getWorkflowStaticData: (whose: string) => (whose === 'node' ? staticData : {}),
		getMode: () => mode,
		getInstanceBaseUrl: () => 'https://n8n.example.com/',
		getNodeWebhookUrl: (webhook: string) =>
			webhook !== 'default' || url === null ? undefined : (url ?? productionUrl),
		logger: { debug: write, info: write, warn: write, error: write },
	};
}

/** A form post as n8n hands it over. */
export function formRequest(body: string, contentType = 'application/x-www-form-urlencoded'): RequestParts {
	return { headers: { 'content-type': contentType }, body: {}, rawBody: Buffer.from(body) };
}
