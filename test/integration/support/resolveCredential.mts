import { getAdditionalKeys } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	INode,
	INodeParameters,
	INodeProperties,
	INodeType,
	INodeTypes,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { NodeHelpers, Workflow } from 'n8n-workflow';

const anyType = { description: { properties: [] } } as unknown as INodeType;
const mockTypes: INodeTypes = {
	getByName: () => anyType,
	getByNameAndVersion: () => anyType,
	getKnownTypes: () => ({}),
};
const mockNode: INode = { id: '', name: '', typeVersion: 1, type: 'mock', position: [0, 0], parameters: {} };

/**
 * Fills in a credential's defaults and evaluates its expressions (`$self`), in the steps in which n8n's own credentials
 * helper does it (packages/cli, `applyDefaultsAndOverwrites`).
 *
 * @param stored what the user saved, with the token data
 * @param properties the credential type's, those of its parents included
 */
export function resolveCredential(
	stored: ICredentialDataDecryptedObject,
	properties: INodeProperties[],
	additionalData: IWorkflowExecuteAdditionalData,
	mode: WorkflowExecuteMode,
): ICredentialDataDecryptedObject {
	const filled = NodeHelpers.getNodeParameters(properties, toParameters(stored), true, false, null, null) ?? {};
	if (stored.oauthTokenData !== undefined) Object.assign(filled, { oauthTokenData: stored.oauthTokenData });
	const workflow = new Workflow({ nodes: [mockNode], connections: {}, active: false, nodeTypes: mockTypes });
	const keys = getAdditionalKeys(additionalData, mode, null, { isCredential: true });
	const resolved = workflow.expression.getComplexParameterValue(
		mockNode,
		filled,
		mode,
		keys,
		undefined,
		undefined,
		filled,
	);
	return resolved as ICredentialDataDecryptedObject;
}

// n8n types the same data twice; its own helper casts here as well.
function toParameters(data: ICredentialDataDecryptedObject): INodeParameters {
	return structuredClone(data) as INodeParameters;
}
