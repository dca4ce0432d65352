import { randomInt } from 'node:crypto';

import type { Execution } from '../../../host/index.mjs';
import type { Forgery, HandlerRow } from '../../../simulator/index.mjs';
import { type Answer, post } from './post.mjs';
import { type TriggerDraft, TriggerWorkflow } from './TriggerWorkflow.mjs';
import { until } from './until.mjs';
import type { World } from './world.mjs';

/** The trigger's name in every workflow of these tests. */
export const TRIGGER = 'Bitrix24 Trigger';

const KIND = { name: TRIGGER, type: 'n8n-nodes-bitrix24-triggers.bitrix24Trigger' };
const EXECUTION_MS = 60_000;

/** One workflow that begins with a Bitrix24 Trigger, in a world. */
export class Trigger extends TriggerWorkflow {
	private witnesses = 0;

	/** Saves a new workflow, inactive. */
	static async add(world: World, draft: TriggerDraft = {}): Promise<Trigger> {
		return new Trigger(world, KIND, await Trigger.save(world, KIND, draft));
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
		return `${this.world.n8n.webhookUrl}webhook/${this.node.webhookId}/webhook`;
	}

	/** Its test URL. */
	get testUrl(): string {
		return this.url.replace('/webhook/', '/webhook-test/');
	}

	/** Waits until the trigger knows the app's token: until it accepts one that proves nothing but that. */
	async learned(): Promise<void> {
		await until('the application token is learned', async () => (await this.receiveFromRobot()).status === 200);
		await until('the learning handler is gone', () => !this.bound().includes('ONAPPTEST'));
	}

	/** Posts a genuine event that only its application token proves, and that is not selected. */
	async receiveFromRobot(): Promise<Answer> {
		return await this.receive(this.world.portal.delivery('ONAPPUPDATE', {}, { by: 'robot' }));
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

	/** Deletes a lead, and returns the item that comes of it. */
	async itemOfDeletedLead(by: number | 'robot' = 1): Promise<Record<string, unknown>> {
		const { leads } = this.world.portal;
		const id = Number(leads.add().ID);
		leads.delete(id, { by });
		return await until('the deleted lead has arrived', async () =>
			(await this.items(0)).find(({ leadId }) => leadId === id),
		);
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
		const { status, body } = await this.receive({ ...witness, data: { FIELDS: { ID: id } } });
		if (status !== 200) throw new Error(`The witness was answered ${status}: ${JSON.stringify(body)}`);
		this.witnesses++;
		await until('the witness has started the workflow', async () => JSON.stringify(await this.items(0)).includes(id));
		return (await this.world.client.executions(this.id)).length - this.witnesses;
	}
}
