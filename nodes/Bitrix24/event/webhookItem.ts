import type { Bitrix24Event, EventAuth } from './event';
import { sentAt } from './event';
import type { EventFields } from './itemFields';
import { applicationStatus, extraData, toEventFields, toUserId } from './itemFields';
import type { PayloadValue } from './payload';
import { holdsSecret, redact } from './redact';

/** What a workflow receives for an event, flat, so that it maps straight to the columns of a table. */
export type EventItem = EventFields & {
	sentAt: string | null;
	portalDomain: string | null;
	portalMemberId: string | null;
	portalEndpoint: string | null;
	applicationStatus: string | null;
	userId: number | string | null;
	isTest: boolean;
	data?: PayloadValue;
};

/**
 * Makes the simplified item of an event. Built from a list of what goes in: no token can slip through.
 *
 * @param event a verified event
 * @param isTest whether `event.test` caused it
 */
export function toItem(event: Bitrix24Event, isTest: boolean): EventItem {
	const { secrets } = event;
	// Before anything is read from them: an id is as good a place for a token as any other.
	const data = event.data === undefined ? undefined : redact(event.data, secrets);
	const auth = redactAuth(event.auth, secrets);
	const time = sentAt(event.ts);
	return {
		...toEventFields(event.code, data),
		sentAt: time === null ? null : new Date(time).toISOString(),
		portalDomain: auth.domain ?? null,
		portalMemberId: auth.member_id ?? null,
		portalEndpoint: auth.client_endpoint ?? null,
		applicationStatus: applicationStatus(auth.status),
		userId: toUserId(auth.user_id),
		isTest,
		...extraData(data),
	};
}

/** The payload as Bitrix24 names it. */
export type RawItem = {
	event: string;
	event_handler_id?: string;
	data?: PayloadValue;
	ts?: string;
	auth: RedactedAuth;
	isTest: boolean;
};

/**
 * Makes the item of an event with `simplify` off: the payload nested as sent, all strings, without the tokens.
 *
 * @param event a verified event
 * @param isTest whether `event.test` caused it
 */
export function toRawItem(event: Bitrix24Event, isTest: boolean): RawItem {
	const { code, handlerId, data, ts, auth, secrets } = event;
	return {
		event: code,
		...(handlerId === undefined ? {} : { event_handler_id: redact(handlerId, secrets) }),
		...(data === undefined ? {} : { data: redact(data, secrets) }),
		...(ts === undefined ? {} : { ts: redact(ts, secrets) }),
		auth: redactAuth(auth, secrets),
		isTest,
	};
}

// Everything of `auth` that is documented, less the tokens.
const shownAuthKeys = [
	'domain',
	'member_id',
	'client_endpoint',
	'server_endpoint',
	'scope',
	'status',
	'expires',
	'expires_in',
	'user_id',
] as const satisfies ReadonlyArray<keyof EventAuth>;

type RedactedAuth = { [key in (typeof shownAuthKeys)[number]]?: string };

/** Copies what may be shown of `auth`: no token, and no string that holds one. */
function redactAuth(auth: EventAuth, secrets: ReadonlySet<string>): RedactedAuth {
	const shown: RedactedAuth = {};
	for (const key of shownAuthKeys) {
		const text = auth[key];
		if (text !== undefined && !holdsSecret(text, secrets)) shown[key] = text;
	}
	return shown;
}
