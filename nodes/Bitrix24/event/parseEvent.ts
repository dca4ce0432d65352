import { z } from 'zod';

import type { Tree, TreeMap } from './tree';
import { isMap } from './tree';

// A value of another kind than a text counts as not sent: only the proof decides about a delivery.
const text = z.string().min(1).optional().catch(undefined);

const auth = z
	.object({
		domain: text,
		member_id: text,
		application_token: text,
		client_endpoint: text,
		server_endpoint: text,
		scope: text,
		status: text,
		access_token: text,
		refresh_token: text,
		expires: text,
		expires_in: text,
		user_id: text,
	})
	.catch({});

const event = z.object({
	event: z.string().trim().min(1).max(255),
	event_handler_id: text,
	ts: text,
	auth,
});

/** Who sent a delivery, as Bitrix24 names it. Every field may be missing: nothing is proven yet. */
export type EventAuth = z.infer<typeof auth>;

/** A delivery that has the form of an event. Not proven. */
export interface Bitrix24Event {
	/** The code as sent, in upper case. */
	code: string;
	handlerId: string | undefined;
	/** Unix seconds, as sent. */
	ts: string | undefined;
	data: Tree | undefined;
	auth: EventAuth;
}

/**
 * Tells whether a parsed body is an event, and names its parts (payload as documented for event handlers).
 *
 * @param body nested texts, from `parseForm` or `parseJson`
 * @returns the event, or null when it has no event code
 */
export function parseEvent(body: TreeMap): Bitrix24Event | null {
	const parsed = event.safeParse({ ...body, auth: isMap(body.auth) ? body.auth : {} });
	if (!parsed.success) return null;
	return {
		code: parsed.data.event.toUpperCase(),
		handlerId: parsed.data.event_handler_id,
		ts: parsed.data.ts,
		data: body.data,
		auth: parsed.data.auth,
	};
}
