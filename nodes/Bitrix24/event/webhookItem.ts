import type { Bitrix24Event } from './event';
import { sentAt } from './event';
import type { About } from './itemFields';
import { aboutOf, applicationStatus, extraOf, toUserId } from './itemFields';
import type { Tree } from './payload';
import type { ShownAuth } from './redact';
import { secretsOf, shownAuth, withoutSecrets } from './redact';

/** What a workflow receives for an event, flat, so that it maps straight to the columns of a table. */
export type EventItem = About & {
	sentAt: string | null;
	portalDomain: string | null;
	portalMemberId: string | null;
	portalEndpoint: string | null;
	applicationStatus: string | null;
	userId: number | string | null;
	isTest: boolean;
	data?: Tree;
};

/**
 * Makes the simplified item of an event. Built from a list of what goes in: no token can slip through.
 *
 * @param event a proven event
 * @param isTest whether a test of the portal (`event.test`) caused it
 */
export function toItem(event: Bitrix24Event, isTest: boolean): EventItem {
	const secrets = secretsOf(event.auth);
	// Before anything is read from them: an id is as good a place for a token as any other.
	const data = event.data === undefined ? undefined : withoutSecrets(event.data, secrets);
	const auth = shownAuth(event.auth, secrets);
	const time = sentAt(event.ts);
	// Not by spreading: that takes longer than everything else here together.
	return Object.assign(
		aboutOf(event.code, data),
		{
			sentAt: time === null ? null : new Date(time).toISOString(),
			portalDomain: auth.domain ?? null,
			portalMemberId: auth.member_id ?? null,
			portalEndpoint: auth.client_endpoint ?? null,
			applicationStatus: applicationStatus(auth.status),
			userId: toUserId(auth.user_id),
			isTest,
		},
		extraOf(data),
	);
}

/** The payload as Bitrix24 names it. */
export type RawItem = {
	event: string;
	event_handler_id?: string;
	data?: Tree;
	ts?: string;
	auth: ShownAuth;
	isTest: boolean;
};

/**
 * Makes the item of an event with `simplify` off: the payload nested as sent, all texts, without the tokens.
 *
 * @param event a proven event
 * @param isTest whether a test of the portal (`event.test`) caused it
 */
export function toRawItem(event: Bitrix24Event, isTest: boolean): RawItem {
	const { code, handlerId, data, ts, auth } = event;
	const secrets = secretsOf(auth);
	return {
		event: code,
		...(handlerId === undefined ? {} : { event_handler_id: withoutSecrets(handlerId, secrets) }),
		...(data === undefined ? {} : { data: withoutSecrets(data, secrets) }),
		...(ts === undefined ? {} : { ts: withoutSecrets(ts, secrets) }),
		auth: shownAuth(auth, secrets),
		isTest,
	};
}
