import type { IDataObject, IHookFunctions, WorkflowActivateMode, WorkflowExecuteMode } from 'n8n-workflow';

import { connectedApp } from './credentials.mjs';
import type { SimulatedPortal } from './simulatedPortal.mjs';
import { simulatedPortal } from './simulatedPortal.mjs';
import { productionUrl } from './webhookContext.mjs';

interface Given {
	parameters?: { [name: string]: unknown };
	/** By credential type; an error to throw where n8n can not read it. */
	credentials?: { [type: string]: unknown };
	staticData?: IDataObject;
	mode?: WorkflowExecuteMode;
	activation?: WorkflowActivateMode;
	url?: string | null;
	portal?: SimulatedPortal;
}

/** n8n's context of an activation or a deactivation, and what became of it. */
export interface FakeHook {
	context: IHookFunctions;
	portal: SimulatedPortal;
	staticData: IDataObject;
	log: string[];
}

export function hookContext(given: Given = {}): FakeHook {
	const { parameters = { events: ['ONCRMLEADDELETE'] }, staticData = {}, mode = 'trigger' } = given;
	const credentials = given.credentials ?? { bitrix24OAuth2Api: connectedApp };
	const portal = given.portal ?? simulatedPortal();
	const log: string[] = [];
	const write = (message: string) => void log.push(message);
	const used = {
		getNodeParameter: (name: string, fallback?: unknown) => parameters[name] ?? fallback,
		getCurrentNodeParameter: (name: string) => parameters[name],
		getCredentials: async (type: string) => {
			const credential = credentials[type];
			if (credential === undefined) throw new Error(`Node does not have any credentials of type ${type}`);
			if (credential instanceof Error) throw credential;
			return credential;
		},
		getWorkflowStaticData: (whose: string) => (whose === 'node' ? staticData : {}),
		getMode: () => mode,
		getActivationMode: () => given.activation ?? 'activate',
		getNode: () => ({ id: 'node-1', name: 'When a Lead Goes', type: 'x', typeVersion: 1, position: [0, 0] }),
		getWorkflow: () => ({ id: 'workflow-1', active: true }),
		getNodeWebhookUrl: (webhook: string) =>
			webhook !== 'default' || given.url === null ? undefined : (given.url ?? productionUrl),
		logger: { debug: write, info: write, warn: write, error: write },
		helpers: portal.helpers,
	};
	// Only what the trigger uses is there; anything else is undefined, and a test that reaches for it falls over.
	return { context: used as unknown as IHookFunctions, portal, staticData, log };
}
