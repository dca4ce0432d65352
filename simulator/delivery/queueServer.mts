import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import {
	appAuth,
	FORM_TYPE,
	type OutgoingWebhook,
	type Payload,
	payload,
	phpForm,
	readPhpForm,
	webhookAuth,
} from './payload.mjs';
import type { EventData, Handler } from '../events.mjs';
import type { Origin, Portal } from '../portal.mjs';

interface Fired {
	event: string;
	data: EventData;
	origin: Origin;
}

interface QueueServerOptions {
	/** Milliseconds between the event and its delivery; about a second in reality. */
	delay: number;
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
		private readonly portal: Portal,
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
		const signal = AbortSignal.any([AbortSignal.timeout(this.options.timeout), this.closing.signal]);
		deliveries.push(await send({ at: clock.now(), url, payload: compose() }, lost ? undefined : signal));
	}

	private async pause(milliseconds: number): Promise<void> {
		if (milliseconds <= 0 || this.closing.signal.aborted) return;
		await sleep(milliseconds, undefined, { signal: this.closing.signal }).catch(() => undefined);
	}
}

/** One line of the log of deliveries. */
export interface Delivery {
	/** Milliseconds since 1970: when it left the queue. */
	at: number;
	event: string;
	handler: string;
	/** The payload, nested, all strings; tokens included. */
	form: ReturnType<typeof readPhpForm>;
	/** HTTP status of the handler's answer; null without one. */
	status: number | null;
	answer: string;
	error?: string;
}

/** The run of a workflow that a delivery has started. */
export interface ExecutionLink {
	id: string;
	url: string;
	status: string;
}

/**
 * Calls a handler once and reports what came of it; never throws, since the portal does not care either.
 * @param signal breaks the call off; undefined: the delivery is lost on the way
 */
export async function send(
	{ at, url, payload }: { at: number; url: string; payload: Payload },
	signal: AbortSignal | undefined,
): Promise<Delivery> {
	const body = phpForm({ ...payload });
	const entry = { at, event: payload.event, handler: url, form: readPhpForm(body) };
	if (!signal) return { ...entry, status: null, answer: '', error: 'lost' };
	try {
		const response = await fetch(url, {
			method: 'POST',
			headers: { 'Content-Type': FORM_TYPE, 'User-Agent': 'Bitrix24 Webhook Engine' },
			body,
			redirect: 'manual',
			signal,
		});
		return { ...entry, status: response.status, answer: await response.text() };
	} catch (error) {
		return { ...entry, status: null, answer: '', error: reasonOf(error) };
	}
}

/** Node's `fetch` hides the cause of a network failure in `cause`. */
function reasonOf(error: unknown): string {
	const { cause, message } = Object(error);
	return String(cause?.message ?? message ?? error);
}

/** A hand-made delivery. */
export interface Forgery {
	url: string;
	/** Default `ONCRMLEADDELETE`. */
	event?: string;
	event_handler_id?: string;
	/** Default the lead 1. */
	data?: unknown;
	/** Default: what an outsider can know, without any token. */
	auth?: unknown;
	/** Unix seconds, default now. */
	ts?: number | string;
	/** Default a form; with `json` in it, the payload is sent as JSON. */
	contentType?: string;
	body?: string | Uint8Array;
}

/** Posts what anybody on the internet could post. */
export async function forge(portal: Portal, forgery: Forgery): Promise<{ status: number; body: string }> {
	const { url, contentType = FORM_TYPE, body = compose(portal, forgery) } = forgery;
	const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': contentType }, body });
	return { status: response.status, body: await response.text() };
}

function compose(portal: Portal, forgery: Forgery): string {
	const { domain, memberId: member_id, portalUrl, clock } = portal;
	const { event = 'ONCRMLEADDELETE', event_handler_id = '1', data = { FIELDS: { ID: '1' } } } = forgery;
	const { ts = clock.seconds(), contentType = FORM_TYPE } = forgery;
	const { auth = { domain, member_id, client_endpoint: `${portalUrl}/rest/` } } = forgery;
	const payload = { event, event_handler_id, data, ts: String(ts), auth };
	return contentType.includes('json') ? JSON.stringify(payload) : phpForm(payload);
}
