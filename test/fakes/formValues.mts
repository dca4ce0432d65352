import type { INode, INodeParameters, INodeProperties, INodeTypeDescription, INodeTypes } from 'n8n-workflow';
import { NodeHelpers, Workflow } from 'n8n-workflow';

const node: INode = { id: '', name: '', typeVersion: 1, type: 'x', position: [0, 0], parameters: {} };
const anyType = { description: { properties: [] } };
// Only the names of types are looked up here.
const types = { getByName: () => anyType, getByNameAndVersion: () => anyType, getKnownTypes: () => ({}) };

/**
 * What n8n makes of a form: defaults are filled in, what is not shown for these values is left out.
 *
 * @param given what the user entered
 */
export function formValues(
	properties: INodeProperties[],
	given: INodeParameters,
	description: INodeTypeDescription | null = null,
): INodeParameters {
	return NodeHelpers.getNodeParameters(properties, given, true, false, node, description) ?? {};
}

/** Which of a node's hints the editor shows for its parameters, by n8n's own evaluation. */
export function shownHints(description: INodeTypeDescription, parameters: INodeParameters): string[] {
	const shown = { ...node, name: description.displayName, parameters };
	const type = { description };
	const nodeTypes = { ...types, getByNameAndVersion: () => type } as unknown as INodeTypes;
	const { expression } = new Workflow({ nodes: [shown], connections: {}, active: false, nodeTypes });
	const hints = (description.hints ?? []).filter(({ displayCondition }) => {
		const is = expression.getSimpleParameterValue(shown, displayCondition, 'internal', {});
		if (typeof is !== 'boolean') throw new Error(`n8n passes over a hint whose condition is ${String(is)}`);
		return is;
	});
	return hints.map(({ message }) => message);
}

/** Lets n8n evaluate the expressions of a form, which may refer to its values as `$self` or as `$credentials`. */
export function evaluated(values: INodeParameters, of: INodeParameters = values): INodeParameters {
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: types as unknown as INodeTypes,
	});
	const keys = { $credentials: of };
	const result = workflow.expression.getComplexParameterValue(node, values, 'internal', keys, undefined, undefined, of);
	return result as INodeParameters;
}
