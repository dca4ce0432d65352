import { createHash, timingSafeEqual } from 'node:crypto';

import { parse } from 'qs';
import { z } from 'zod';

import { form, payload, tokenHash } from './contexts.mjs';

const json = JSON.stringify(payload);

const everything = z.object({
	event: z.string(),
	event_handler_id: z.string(),
	data: z.object({ FIELDS: z.object({ ID: z.string() }) }),
	ts: z.string(),
	auth: z.object({
		domain: z.string(),
		member_id: z.string(),
		application_token: z.string(),
		client_endpoint: z.string(),
		server_endpoint: z.string(),
		scope: z.string(),
		status: z.string(),
		access_token: z.string(),
		refresh_token: z.string(),
		expires: z.string(),
		expires_in: z.string(),
		user_id: z.string(),
	}),
});

/** The least that can be done: the same event as JSON, and one hash compared. */
export function floor(): boolean {
	const { auth } = JSON.parse(json);
	return timingSafeEqual(createHash('sha256').update(auth.application_token).digest(), tokenHash);
}

/** What a straightforward trigger does: qs, everything through zod, one hash compared. */
export function straightforward(): boolean {
	const { auth } = everything.parse(parse(form));
	return timingSafeEqual(createHash('sha256').update(auth.application_token).digest(), tokenHash);
}
