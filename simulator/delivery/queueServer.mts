import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventData } from '../events/fireEvent.mjs';
import type { Handler } from '../events/handlerStore.mjs';
import type { Origin, PortalCore } from '../portal/portal.mjs';
import { appAuth, type OutgoingWebhook, payload, type Payload, webhookAuth } from './payload.mjs';
import { send } from './send.mjs';

interface Fired {
	event: string;
	data: EventData;
	origin: Origin;
}

interface Job {
	url: string;
	answered: Promise<void> | undefined;
	/** Made when the job leaves the queue, so that time, tokens and domain are those of that moment. */
	payload(): Payload;
}

/** How the queue server works. */
export interface QueueServerOptions {
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
	private readonly waiting: Job[] = [];
	private readonly closing = new AbortController();
	private inFlight = 0;
	private pending = 0;
	private onIdle: Array<() => void> = [];

	constructor(
		private readonly portal: PortalCore,
		private readonly options: QueueServerOptions,
	) {
		// Every delivery under way listens to it: more than ten are no leak.
		setMaxListeners(0, this.closing.signal);
	}

	/** Queues an event for one handler of an app. */
	enqueue({ event, data, origin, handler }: Fired & { handler: Handler }): void {
		const { portal } = this;
		const app = handler.appId === portal.app.id ? portal.app : portal.otherApp;
		this.schedule({
			url: handler.url,
			answered: origin.answered,
			payload: () => payload(portal, event, handler.id, data, appAuth(portal, app, event, origin.by)),
		});
	}

	/** Queues an event for the outgoing webhooks that want it. */
	enqueueWebhooks({ event, data, origin }: Fired): void {
		const { portal } = this;
		for (const webhook of this.webhooks) {
			if (!webhook.events.includes(event)) continue;
			this.schedule({
				url: webhook.url,
				answered: origin.answered,
				payload: () => payload(portal, event, webhook.id, data, webhookAuth(portal, webhook)),
			});
		}
	}

	/** Settles when nothing waits and nothing is under way. */
	idle(): Promise<void> {
		return this.pending === 0 ? Promise.resolve() : new Promise((resolve) => this.onIdle.push(resolve));
	}

	/** Drops what waits and breaks off what is under way. */
	stop(): Promise<void> {
		this.closing.abort();
		for (let dropped = this.waiting.splice(0).length; dropped > 0; dropped--) this.settle();
		return this.idle();
	}

	private schedule(job: Job): void {
		this.pending++;
		void this.ripen(job);
	}

	private async ripen(job: Job): Promise<void> {
		await job.answered;
		await this.pause(this.options.delay);
		if (this.closing.signal.aborted) return this.settle();
		this.waiting.push(job);
		this.pump();
	}

	private pump(): void {
		while (this.inFlight < this.options.parallel) {
			const job = this.waiting.shift();
			if (!job) return;
			this.inFlight++;
			void this.deliver(job);
		}
	}

	private async deliver(job: Job): Promise<void> {
		const fault = this.portal.faults.deliveries;
		await this.pause(this.portal.faults.deliveryDelay());
		const delivery = { at: this.portal.clock.now(), url: job.url, payload: job.payload() };
		const timeout = AbortSignal.timeout(this.options.timeout);
		this.portal.deliveries.push(
			fault === 'lost'
				? await send(delivery, undefined)
				: await send(delivery, AbortSignal.any([timeout, this.closing.signal])),
		);
		this.inFlight--;
		this.settle();
		this.pump();
	}

	private async pause(milliseconds: number): Promise<void> {
		if (milliseconds <= 0 || this.closing.signal.aborted) return;
		await sleep(milliseconds, undefined, { signal: this.closing.signal }).catch(() => undefined);
	}

	private settle(): void {
		this.pending--;
		if (this.pending === 0) this.onIdle.splice(0).forEach((resolve) => resolve());
	}
}
