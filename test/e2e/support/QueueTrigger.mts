import type { ActivationOutcome, Execution, WorkflowDraft, WorkflowNode } from '../../../host/index.mjs';
import type { OfflineRecord } from '../../../simulator/index.mjs';
import { until } from './until.mjs';
import type { World } from './world.mjs';

/** The trigger's name in every workflow of these tests. */
export const QUEUE_TRIGGER = 'Bitrix24 Queue Trigger';

/** What a workflow with a Bitrix24 Queue Trigger is made of. */
export interface QueueTriggerDraft {
	name?: string;
	/** The trigger's; default: all as the node has them, but for a look at the queue every 5 seconds. */
	parameters?: Record<string, unknown>;
	/** Default: the world's connected OAuth2 credential. */
	credentials?: WorkflowNode['credentials'];
	/** The nodes that follow, in a row. */
	then?: WorkflowNode[];
	/** The workflow's. */
	settings?: WorkflowDraft['settings'];
}

/** One workflow that begins with a Bitrix24 Queue Trigger, in a world. */
export class QueueTrigger {
	private constructor(
		private readonly world: World,
		readonly id: string,
		private readonly nodeId: string,
	) {}

	/** Saves a new workflow, inactive. */
	static async add(world: World, draft: QueueTriggerDraft = {}): Promise<QueueTrigger> {
		const { id, nodes } = await world.client.createWorkflow(workflowOf(world, draft));
		return new QueueTrigger(world, id, nodes.find(({ name }) => name === QUEUE_TRIGGER)?.id ?? '');
	}

	/** The same, activated. */
	static async active(world: World, draft: QueueTriggerDraft = {}): Promise<QueueTrigger> {
		const trigger = await QueueTrigger.add(world, draft);
		await trigger.activate();
		return trigger;
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
	async change(draft: QueueTriggerDraft): Promise<void> {
		await this.world.client.updateWorkflow(this.id, workflowOf(this.world, draft));
	}

	/** The name that its queue has by default. */
	get queueName(): string {
		return `n8n_${this.id}_${this.nodeId}`;
	}

	/** What lies in its queue, reserved or not. */
	records(queueName = this.queueName): OfflineRecord[] {
		return this.world.portal.queue.records(queueName);
	}

	/** The codes that the portal collects in its queue, in alphabetical order. */
	collected(queueName = this.queueName): string[] {
		return this.world.portal
			.handlers()
			.flatMap((row) => (row.offline === 1 && row.connector_id === queueName ? [row.event] : []))
			.sort();
	}

	/** Waits until its queue is empty. */
	async drained(patienceMs?: number): Promise<void> {
		await until('the queue is empty', () => this.records().length === 0, patienceMs);
	}

	/** Every execution that has ended in this way, oldest first. */
	async executions(status = 'success'): Promise<Execution[]> {
		const ended = await this.world.client.executions(this.id, { status });
		const all: Execution[] = [];
		for (const { id } of ended.reverse()) all.push(await this.world.client.execution(id));
		return all;
	}

	/** The items of every successful execution, oldest first. */
	async items(): Promise<Array<Record<string, unknown>>> {
		return (await this.executions()).flatMap((execution) => execution.itemsOf(QUEUE_TRIGGER));
	}
}

function workflowOf(world: World, draft: QueueTriggerDraft): WorkflowDraft {
	const { name = 'Queue', parameters, credentials = world.credentials, then = [], settings } = draft;
	const type = 'n8n-nodes-bitrix24.bitrix24QueueTrigger';
	const trigger = { name: QUEUE_TRIGGER, type, parameters: { checkEvery: 5, ...parameters }, credentials };
	return { name, nodes: [trigger, ...then], settings };
}
