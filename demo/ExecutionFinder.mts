import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import type { N8nClient } from '../host/index.mjs';
import { type Delivery, type ExecutionLink, outcome } from '../simulator/index.mjs';
import { isItemOf } from './isItemOf.mjs';

const POLL_MS = 1000;
/** After that long, nobody waits for a link any more. */
const PATIENCE_MS = 60_000;
const UNFINISHED = new Set(['new', 'running']);

const listed = z.object({ results: z.array(z.object({ id: z.string(), workflowId: z.string(), status: z.string() })) });

type Listed = z.infer<typeof listed>['results'][number];
type Items = Array<Record<string, unknown>>;

/** Finds the executions that the portal's deliveries have started, by what their triggers put out. */
export class ExecutionFinder {
	readonly #found = new Map<Delivery, ExecutionLink>();

	readonly #itemsOf = new Map<string, Items>();

	constructor(private readonly client: N8nClient) {}

	/** What is known so far. */
	executionOf(delivery: Delivery): ExecutionLink | undefined {
		return this.#found.get(delivery);
	}

	/** Looks for the executions of deliveries that have started one, until it is told to stop. */
	async follow(deliveries: readonly Delivery[], { signal }: { signal: AbortSignal }): Promise<void> {
		while (!signal.aborted) {
			// n8n may be restarting: the next look will tell.
			await this.look(deliveries).catch(() => undefined);
			await sleep(POLL_MS, undefined, { signal, ref: false }).catch(() => undefined);
		}
	}

	/** Looks once. */
	async look(deliveries: readonly Delivery[]): Promise<void> {
		const open = deliveries.filter((delivery) => this.#isOpen(delivery));
		if (open.length === 0) return;
		const { results } = await this.client.session.get('/rest/executions?limit=100', listed);
		const ended = results.filter(({ status }) => !UNFINISHED.has(status));
		const taken = new Set([...this.#found.values()].map(({ id }) => id));
		for (const delivery of open) {
			for (const execution of ended) {
				if (taken.has(execution.id) || !(await this.#items(execution)).some((item) => isItemOf(item, delivery)))
					continue;
				taken.add(execution.id);
				this.#found.set(delivery, this.#link(execution));
				break;
			}
		}
	}

	#isOpen(delivery: Delivery): boolean {
		if (this.#found.has(delivery) || Date.now() - delivery.at > PATIENCE_MS) return false;
		return outcome(delivery).kind === 'started';
	}

	async #items({ id }: Listed): Promise<Items> {
		const known = this.#itemsOf.get(id);
		if (known !== undefined) return known;
		const execution = await this.client.execution(id);
		const items = Object.keys(execution.data.resultData.runData).flatMap((name) => execution.itemsOf(name));
		this.#itemsOf.set(id, items);
		return items;
	}

	#link({ id, workflowId, status }: Listed): ExecutionLink {
		return { id, status, url: `${this.client.session.url}/workflow/${workflowId}/executions/${id}` };
	}
}
