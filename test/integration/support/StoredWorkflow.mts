import type { IDataObject, INode, INodeType, INodeTypes, Workflow as WorkflowType } from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';

/** One workflow in n8n's database: loaded anew for whatever happens to it, its static data saved where it changed. */
export class StoredWorkflow {
	private staticData: IDataObject = {};

	/** @param node its only node; what is changed in it holds from the next loading on */
	constructor(
		readonly nodeType: INodeType,
		readonly node: INode,
	) {}

	/** @param forTest n8n gives a workflow that the editor tests no static data */
	load(forTest = false): WorkflowType {
		return new Workflow({
			id: 'workflow-1',
			name: 'A Workflow',
			nodes: [structuredClone(this.node)],
			connections: {},
			active: !forTest,
			nodeTypes: this.nodeTypes(),
			staticData: forTest ? {} : structuredClone(this.staticData),
		});
	}

	/** Saves static data if it changed, as n8n does after activation, after each delivery and at each emit. */
	save(workflow: WorkflowType): void {
		if (workflow.staticData.__dataChanged !== true) return;
		this.staticData = JSON.parse(JSON.stringify({ ...workflow.staticData, __dataChanged: undefined }));
		workflow.staticData.__dataChanged = false;
	}

	/** The node's static data as it lies in the database. */
	get nodeStaticData(): IDataObject {
		const data = this.staticData[`node:${this.node.name}`];
		return typeof data === 'object' && data !== null && !Array.isArray(data) ? { ...data } : {};
	}

	/** Loses all static data, as an import or a copy of the workflow does. */
	forgetStaticData(): void {
		this.staticData = {};
	}

	private nodeTypes(): INodeTypes {
		return {
			getByName: () => this.nodeType,
			getByNameAndVersion: () => this.nodeType,
			getKnownTypes: () => ({}),
		};
	}
}
