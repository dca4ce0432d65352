import type { Execution } from '../../../host/index.mjs';
import type { OfflineRecord } from '../../../simulator/index.mjs';
import { type TriggerDraft, TriggerWorkflow } from './TriggerWorkflow.mjs';
import { until } from './until.mjs';
import type { World } from './world.mjs';

/** The trigger's name in every workflow of these tests. */
export const QUEUE_TRIGGER = 'Bitrix24 Queue Trigger';

/** It looks at the queue as often as it can. */
const KIND = {
	name: QUEUE_TRIGGER,
	type: 'n8n-nodes-bitrix24-triggers.bitrix24QueueTrigger',
	parameters: { checkEvery: 5 },
};

/** One workflow that begins with a Bitrix24 Queue Trigger, in a world. */
export class QueueTrigger extends TriggerWorkflow {
	/** Saves a new workflow, inactive. */
	static async add(world: World, draft: TriggerDraft = {}): Promise<QueueTrigger> {
		return new QueueTrigger(world, KIND, await QueueTrigger.save(world, KIND, draft));
	}

	/** The same, activated. */
	static async active(world: World, draft: TriggerDraft = {}): Promise<QueueTrigger> {
		const trigger = await QueueTrigger.add(world, draft);
		await trigger.activate();
		return trigger;
	}

	/** The name that its queue has by default. */
	get queueName(): string {
		return `n8n_${this.id}_${this.node.id}`;
	}

	/** What lies in its queue, reserved or not. */
	records(): OfflineRecord[] {
		return this.world.portal.queue.records(this.queueName);
	}

	/** The codes that the portal collects in its queue, in alphabetical order. */
	collected(): string[] {
		return this.world.portal
			.handlers()
			.flatMap((row) => (row.offline === 1 && row.connector_id === this.queueName ? [row.event] : []))
			.sort();
	}

	/** Waits until its queue is empty. */
	async drained(patienceMs?: number): Promise<void> {
		await until('the queue is empty', () => this.records().length === 0, patienceMs);
	}

	/** Every execution that has ended in this way, oldest first. */
	async executions(status = 'success'): Promise<Execution[]> {
		const ended = await this.world.client.executions(this.id, { status });
		return await Promise.all(ended.reverse().map(async ({ id }) => await this.world.client.execution(id)));
	}

	/** The items of every successful execution, oldest first. */
	async items(): Promise<Array<Record<string, unknown>>> {
		return (await this.executions()).flatMap((execution) => execution.itemsOf(QUEUE_TRIGGER));
	}
}
