import type { PhpStrings } from './delivery/phpStrings.mjs';
import { FORM_TYPE, phpForm } from './delivery/phpForm.mjs';
import type { Portal } from './portal/portal.mjs';

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
	const { event = 'ONCRMLEADDELETE', event_handler_id = '1', data = { FIELDS: { ID: '1' } } } = forgery;
	const { ts = portal.clock.seconds(), auth = publicAuth(portal), contentType = FORM_TYPE } = forgery;
	const payload = { event, event_handler_id, data, ts: String(ts), auth };
	return contentType.includes('json') ? JSON.stringify(payload) : phpForm(payload);
}

function publicAuth(portal: Portal): Record<string, PhpStrings> {
	return { domain: portal.domain, member_id: portal.memberId, client_endpoint: `${portal.portalUrl}/rest/` };
}
