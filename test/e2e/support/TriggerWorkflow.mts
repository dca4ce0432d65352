import type { ActivationOutcome, StoredWorkflow, WorkflowDraft, WorkflowNode } from '../../../host/index.mjs';
import type { World } from './world.mjs';

/** What a workflow is made of that begins with one of our triggers. */
export interface TriggerDraft {
	name?: string;
	/** The trigger's; default: all as the node has them. */
	parameters?: Record<string, unknown>;
	/** Default: the world's connected OAuth2 credential. */
	credentials?: WorkflowNode['credentials'];
	/** The nodes that follow, in a row. */
	then?: WorkflowNode[];
	/** The workflow's. */
	settings?: WorkflowDraft['settings'];
}

/** Which trigger: the name that the node has in every workflow of these tests, its type, and its usual parameters. */
export type TriggerKind = Pick<WorkflowNode, 'name' | 'type' | 'parameters'>;

/** One workflow that begins with one of our triggers, in a world. */
export abstract class TriggerWorkflow {
	protected constructor(
		protected readonly world: World,
		protected readonly kind: TriggerKind,
		private readonly stored: StoredWorkflow,
	) {}

	/** Saves a new workflow, inactive. */
	protected static async save(world: World, kind: TriggerKind, draft: TriggerDraft): Promise<StoredWorkflow> {
		return await world.client.createWorkflow(workflowOf(world, kind, draft));
	}

	get id(): string {
		return this.stored.id;
	}

	/** The trigger, as n8n has stored it. */
	get node(): StoredWorkflow['nodes'][number] {
		const found = this.stored.nodes.find(({ name }) => name === this.kind.name);
		if (found === undefined) throw new Error(`The workflow has no ${this.kind.name}`);
		return found;
	}

	/** @throws when n8n refuses */
	async activate(): Promise<void> {
		const outcome = await this.tryToActivate();
		if (!outcome.active) throw new Error(`n8n refused the activation: ${outcome.message}`);
	}

	async tryToActivate(): Promise<ActivationOutcome> {
		return await this.world.client.activate(this.id);
	}

	async deactivate(): Promise<void> {
		await this.world.client.deactivate(this.id);
	}

	/** Saves another draft; it counts from the next activation on. */
	async change(draft: TriggerDraft): Promise<void> {
		await this.world.client.updateWorkflow(this.id, workflowOf(this.world, this.kind, draft));
	}
}

function workflowOf(world: World, kind: TriggerKind, draft: TriggerDraft): WorkflowDraft {
	const { name = 'Workflow', credentials = world.credentials, then = [], settings } = draft;
	const parameters = { ...kind.parameters, ...draft.parameters };
	return { name, nodes: [{ ...kind, parameters, credentials }, ...then], settings };
}

/** A node that takes some time; below 65 seconds n8n keeps the run in memory meanwhile. */
export const slowdown = (seconds: number): WorkflowNode => ({
	name: 'Take some time',
	type: 'n8n-nodes-base.wait',
	typeVersion: 1.1,
	parameters: { resume: 'timeInterval', amount: seconds, unit: 'seconds' },
});
