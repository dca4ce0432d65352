import type { IHookFunctions, WorkflowActivateMode } from 'n8n-workflow';

import { connectedApp } from './credentials.mjs';
import { simulatedPortal } from './simulatedPortal.mjs';
import type { Given as DeliveryGiven } from './webhookContext.mjs';
import { nodeContext, ourNode } from './webhookContext.mjs';

type Given = Pick<DeliveryGiven, 'parameters' | 'credentials' | 'staticData' | 'mode' | 'url' | 'portal'> & {
	activation?: WorkflowActivateMode;
};

/** n8n's context of an activation or a deactivation, and what became of it. */
export function hookContext(given: Given = {}) {
	const { parameters = { events: ['ONCRMLEADDELETE'] }, staticData = {}, mode = 'trigger' } = given;
	const credentials = given.credentials ?? { bitrix24OAuth2Api: connectedApp };
	const portal = given.portal ?? simulatedPortal();
	const log: string[] = [];
	const used = {
		...nodeContext({ ...given, parameters, credentials, staticData, mode }, log),
		getCurrentNodeParameter: (name: string) => parameters[name],
		getActivationMode: () => given.activation ?? 'activate',
		getNode: () => ourNode,
		getWorkflow: () => ({ id: 'workflow-1', active: true }),
		helpers: portal.helpers,
	};
	// Only what the trigger uses is there; anything else is undefined, and a test that reaches for it falls over.
	return { context: used as unknown as IHookFunctions, portal, staticData, log };
}
