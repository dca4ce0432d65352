import type { Portal } from '../portal/portal.mjs';
import type { Payload } from './payload.mjs';
import { FORM_TYPE, phpForm, readPhpForm } from './phpForm.mjs';

/** One line of the log of deliveries. */
export interface Delivery {
	/** Milliseconds since 1970: when it left the queue. */
	at: number;
	event: string;
	/** The URL that was called. */
	handler: string;
	/** The payload, nested, all strings; tokens included. */
	form: ReturnType<typeof readPhpForm>;
	/** HTTP status of the handler's answer; null without one. */
	status: number | null;
	/** Body of the handler's answer. */
	answer: string;
	/** Why there was no answer. */
	error?: string;
}

/** The run of a workflow that a delivery has started. */
export interface ExecutionLink {
	id: string;
	url: string;
	/** e.g. `success` */
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
	/** Sent as it is, in place of a payload. */
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
