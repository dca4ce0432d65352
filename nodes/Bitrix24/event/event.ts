import { z } from 'zod';

import type { PayloadObject, PayloadValue, Strings } from './payload';
import { pickStrings } from './payload';
import { redact, secretsIn } from './redact';

/** What Bitrix24 documents of an event's `auth`. */
const authKeys = [
	'domain',
	'member_id',
	'application_token',
	'client_endpoint',
	'server_endpoint',
	'scope',
	'status',
	'access_token',
	'refresh_token',
	'expires',
	'expires_in',
	'user_id',
] as const;

const codeSchema = z.string().trim().min(1).max(255).toUpperCase();

/** Who sent a delivery, as Bitrix24 names it. Every field may be missing: nothing is verified yet. */
export type EventAuth = Strings<(typeof authKeys)[number]>;

/** A delivery that has the form of an event. Not verified. */
export interface Bitrix24Event {
	/** The code as sent, in upper case. */
	code: string;
	handlerId: string | undefined;
	/** Unix seconds, as sent. */
	ts: string | undefined;
	data: PayloadValue | undefined;
	auth: EventAuth;
	/** Every secret that the delivery carries, to be kept out of what is shown. */
	secrets: ReadonlySet<string>;
}

/**
 * Tells whether a parsed body is an event, and names its parts (payload as documented for event handlers).
 *
 * @param body from `parseForm` or `parseJson`
 * @returns the event, or null when it has no event code
 */
export function parseEvent(body: PayloadObject): Bitrix24Event | null {
	const named = codeSchema.safeParse(body.event);
	if (!named.success) return null;
	const { event_handler_id: handlerId, ts } = pickStrings(body, ['event_handler_id', 'ts']);
	// A value of another kind than a string counts as not sent: verification decides about a delivery, not its form.
	const auth = pickStrings(body.auth, authKeys);
	return { code: named.data, handlerId, ts, data: body.data, auth, secrets: secretsIn(body) };
}

/** The portal's address that a delivery names, without a secret in it. Empty where it names none. */
export function namedDomain({ auth: { domain = '' }, secrets }: Pick<Bitrix24Event, 'auth' | 'secrets'>): string {
	return redact(domain, secrets);
}

/** A body that is no event: which portal it names, and what it is. */
export interface NoEvent {
	/** Empty where it names none. */
	domain: string;
	/** Goes on after "it". */
	reason: string;
}

/**
 * Says what a body is that is no event, for the log. Not verified.
 *
 * @param body null where no portal sends such a body at all
 */
export function describeNoEvent(body: PayloadObject | null): NoEvent {
	// What a robot's or a business process's webhook sends (Bitrix24 documentation: webhook in automation rules).
	const isOfRobot = body !== null && ('document_id' in body || 'workflow_id' in body);
	return {
		domain: body === null ? '' : namedDomain({ auth: pickStrings(body.auth, authKeys), secrets: secretsIn(body) }),
		reason: isOfRobot
			? "is the webhook of a robot or a business process, which is no event. Receive that with n8n's own Webhook node, or choose the event in this trigger and take its URL out of the robot"
			: 'is not an event',
	};
}

// The last second that a JavaScript date can name.
const lastSecond = 8_640_000_000_000;

/**
 * When an event left the portal's queue.
 *
 * @param ts Unix seconds as sent
 * @returns epoch milliseconds, null when it is no such number
 */
export function sentAt(ts: string | undefined): number | null {
	if (ts === undefined || !/^\d{1,13}$/.test(ts)) return null;
	const seconds = Number(ts);
	return seconds <= lastSecond ? seconds * 1000 : null;
}
