import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { connectedTo } from './triggerContext.mjs';
import type { SimulatedPortal } from './simulatedPortal.mjs';
import { simulatedPortal } from './simulatedPortal.mjs';
import { nodeContext, ourNode } from './webhookContext.mjs';

interface Given {
	/** The items that the run begins with. */
	items: IDataObject[];
	parameters?: { [name: string]: unknown };
	portal?: SimulatedPortal;
	/** An error to throw where n8n cannot read it. */
	credential?: unknown;
	/** As the node names it; null where n8n knows none. */
	credentialId?: string | null;
}

/** n8n's context of a node's step in a run. */
export function executeContext(given: Given): { context: IExecuteFunctions; portal: SimulatedPortal; log: string[] } {
	const { items, parameters = {}, portal = simulatedPortal(), credentialId = 'credential-1' } = given;
	const credentials = { bitrix24OAuth2Api: given.credential ?? connectedTo(portal) };
	const log: string[] = [];
	const { getNodeParameter, ...node } = nodeContext({ parameters, credentials, staticData: {}, mode: 'trigger' }, log);
	const used = {
		...node,
		getNodeParameter: (name: string, _index: number, fallback?: unknown) => getNodeParameter(name, fallback),
		getInputData: (): INodeExecutionData[] => items.map((json) => ({ json })),
		getNode: () => ({
			...ourNode,
			credentials: { bitrix24OAuth2Api: { id: credentialId, name: 'Bitrix24' } },
		}),
		getWorkflow: () => ({ id: 'workflow-1', active: true }),
		helpers: portal.helpers,
	};
	// Only what the trigger uses is there; anything else is undefined, and a test that reaches for it falls over.
	return { context: used as unknown as IExecuteFunctions, portal, log };
}
