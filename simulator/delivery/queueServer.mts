import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { EventData } from '../events/fireEvent.mjs';
import type { Handler } from '../events/handlerStore.mjs';
import type { Origin, PortalCore } from '../portal/portal.mjs';
import { appAuth, type OutgoingWebhook, type Payload, payload, webhookAuth } from './payload.mjs';
import { send } from './send.mjs';

interface Fired {
	event: string;
	data: EventData;
	origin: Origin;
}

/** How the queue server works. */
interface QueueServerOptions {
	/** Milliseconds between the event and its delivery; about a second in reality. */
	delay: number;
	/** Deliveries under way at once. */
	parallel: number;
	/** Milliseconds that a handler has for its answer. */
	timeout: number;
}

/** Bitrix24's queue server: calls each handler once, some time after the event, and never again. */
export class QueueServer {
	readonly webhooks: OutgoingWebhook[] = [];
	private readonly deliveries = new Set<Promise<void>>();
	private readonly closing = new AbortController();
	private readonly queue: PQueue;

	constructor(
		private readonly portal: PortalCore,
		private readonly options: QueueServerOptions,
	) {
		this.queue = new PQueue({ concurrency: options.parallel });
		// Every delivery under way listens to it: more than ten are no leak.
		setMaxListeners(0, this.closing.signal);
	}

	/** Queues an event for one handler of an app. */
	enqueue({ event, data, origin, handler }: Fired & { handler: Handler }): void {
		const { portal } = this;
		const app = handler.appId === portal.app.id ? portal.app : portal.otherApp;
		this.schedule(origin, handler.url, () =>
			payload(portal, event, handler.id, data, appAuth(portal, app, event, origin.by)),
		);
	}

	/** Queues an event for the outgoing webhooks that want it. */
	enqueueWebhooks({ event, data, origin }: Fired): void {
		const { portal } = this;
		for (const webhook of this.webhooks.filter(({ events }) => events.includes(event))) {
			this.schedule(origin, webhook.url, () => payload(portal, event, webhook.id, data, webhookAuth(portal, webhook)));
		}
	}

	/** Settles when nothing waits and nothing is under way. */
	async idle(): Promise<void> {
		while (this.deliveries.size > 0) await Promise.all(this.deliveries);
	}

	/** Drops what waits and breaks off what is under way. */
	stop(): Promise<void> {
		this.closing.abort();
		return this.idle();
	}

	/** @param compose is called when the delivery leaves the queue, so that time, tokens and domain are those of then */
	private schedule({ answered }: Origin, url: string, compose: () => Payload): void {
		const delivery = (async () => {
			await answered;
			await this.pause(this.options.delay);
			await this.queue.add(() => this.deliver(url, compose));
		})();
		this.deliveries.add(delivery);
		void delivery.finally(() => this.deliveries.delete(delivery));
	}

	private async deliver(url: string, compose: () => Payload): Promise<void> {
		const { faults, clock, deliveries } = this.portal;
		if (this.closing.signal.aborted) return;
		const lost = faults.deliveries === 'lost';
		await this.pause(faults.deliveryDelay());
		const signal = AbortSignal.any([AbortSignal.timeout(this.options.timeout), this.closing.signal]);
		deliveries.push(await send({ at: clock.now(), url, payload: compose() }, lost ? undefined : signal));
	}

	private async pause(milliseconds: number): Promise<void> {
		if (milliseconds <= 0 || this.closing.signal.aborted) return;
		await sleep(milliseconds, undefined, { signal: this.closing.signal }).catch(() => undefined);
	}
}
