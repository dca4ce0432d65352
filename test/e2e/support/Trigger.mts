import { randomInt } from 'node:crypto';

import type { ActivationOutcome, Execution, WorkflowNode } from '../../../host/index.mjs';
import type { Forgery, HandlerRow } from '../../../simulator/index.mjs';
import { type Answer, post } from './post.mjs';
import { until } from './until.mjs';
import type { World } from './world.mjs';

/** The trigger's name in every workflow of these tests. */
export const TRIGGER = 'Bitrix24 Trigger';

const EXECUTION_MS = 60_000;

/** What a workflow with a Bitrix24 Trigger is made of. */
export interface TriggerDraft {
	name?: string;
	/** The trigger's; default: all as the node has them. */
	parameters?: Record<string, unknown>;
	/** Default: the world's connected OAuth2 credential. */
	credentials?: WorkflowNode['credentials'];
	/** The nodes that follow, in a row. */
	then?: WorkflowNode[];
}

function triggerNode(world: World, draft: TriggerDraft): WorkflowNode {
	const { parameters = {}, credentials = world.credentials } = draft;
	return { name: TRIGGER, type: 'n8n-nodes-bitrix24.bitrix24Trigger', parameters, credentials };
}

/** One workflow that begins with a Bitrix24 Trigger, in a world. */
export class Trigger {
	private witnesses = 0;

	private constructor(
		private readonly world: World,
		readonly id: string,
		private readonly path: string,
	) {}

	/** Saves a new workflow, inactive. */
	static async add(world: World, draft: TriggerDraft = {}): Promise<Trigger> {
		const { id, nodes } = await world.client.createWorkflow({
			name: draft.name ?? 'Workflow',
			nodes: [triggerNode(world, draft), ...(draft.then ?? [])],
		});
		const webhookId = nodes.find(({ name }) => name === TRIGGER)?.webhookId ?? '';
		return new Trigger(world, id, `${webhookId}/webhook`);
	}

	/** The same, activated, with the application token learned. */
	static async active(world: World, draft: TriggerDraft = {}): Promise<Trigger> {
		const trigger = await Trigger.add(world, draft);
		await trigger.activate();
		if (draft.parameters?.authentication !== 'outgoingWebhook') await trigger.learned();
		return trigger;
	}

	/** Its production URL. */
	get url(): string {
		return `${this.world.n8n.webhookUrl}webhook/${this.path}`;
	}

	/** Its test URL. */
	get testUrl(): string {
		return `${this.world.n8n.webhookUrl}webhook-test/${this.path}`;
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
		await this.world.client.updateWorkflow(this.id, {
			nodes: [triggerNode(this.world, draft), ...(draft.then ?? [])],
		});
	}

	/** Waits until the trigger knows the app's token: until it accepts one that proves nothing but that. */
	async learned(): Promise<void> {
		const { portal } = this.world;
		await until('the application token is learned', async () => {
			const unselected = portal.delivery('ONAPPUPDATE', {}, { by: 'robot' });
			return (await this.receive(unselected)).status === 200;
		});
		await until('the learning handler is gone', () => !this.bound().includes('ONAPPTEST'));
	}

	/** The codes that are bound at its URL, in alphabetical order. */
	bound(url = this.url): string[] {
		return this.world.portal
			.handlers()
			.filter((row): row is Extract<HandlerRow, { offline: 0 }> => row.offline === 0 && row.handler === url)
			.map(({ event }) => event)
			.sort();
	}

	/** Posts anything to its production URL, as the portal's queue server would post it. */
	async receive(delivery: Omit<Forgery, 'url'>): Promise<Answer> {
		return await post(this.world.portal, { url: this.url, ...delivery });
	}

	/**
	 * Listens in the editor until a test event has arrived.
	 *
	 * @param act makes it arrive, once n8n listens
	 */
	async listen(act: () => unknown = () => undefined): Promise<Execution> {
		const listening = await this.world.client.listenForTestEvent(this.id, TRIGGER);
		await act();
		const execution = await listening.received(EXECUTION_MS);
		// Whoever begins to listen while n8n 2.41 takes another listener down has n8n copy all of itself, until its stack overflows.
		await until('n8n no longer listens', async () => {
			const { status } = await post(this.world.portal, { url: this.testUrl, body: '' });
			return status === 404;
		});
		return execution;
	}

	/** Waits for so many executions, and returns them, oldest first. */
	async executions(count: number): Promise<Execution[]> {
		return await this.world.client.waitForExecutions(this.id, count, EXECUTION_MS);
	}

	/** Waits for so many executions, and returns the first item of each, oldest first. */
	async items(count: number): Promise<Array<Record<string, unknown>>> {
		return (await this.executions(count)).flatMap((execution) => execution.itemsOf(TRIGGER).slice(0, 1));
	}

	/**
	 * How many executions were started by what was posted so far. A witness is posted last: once it has arrived,
	 * everything before it would have as well.
	 *
	 * @param witness an event that proves itself and is selected; default: a deleted lead
	 * @returns the executions that there are, without those of this and earlier witnesses
	 */
	async started(witness = this.world.portal.delivery('ONCRMLEADDELETE', {})): Promise<number> {
		const id = String(randomInt(1e12, 9e12));
		const before = await this.ended();
		const { status, body } = await this.receive({ ...witness, data: { FIELDS: { ID: id } } });
		if (status !== 200) throw new Error(`The witness was answered ${status}: ${JSON.stringify(body)}`);
		this.witnesses++;
		await until('the witness has started the workflow', async () => {
			const fresh = (await this.ended()).filter((one) => !before.includes(one));
			const executions = await Promise.all(fresh.map(async (one) => await this.world.client.execution(one)));
			return executions.some((execution) => JSON.stringify(execution.itemsOf(TRIGGER)).includes(id));
		});
		return (await this.world.client.executions(this.id)).length - this.witnesses;
	}

	private async ended(): Promise<string[]> {
		const all = await this.world.client.executions(this.id);
		return all.filter(({ status }) => status !== 'new' && status !== 'running').map(({ id }) => id);
	}
}
