import { applicationStatus } from './applicationStatus';
import { describeCode } from './describeCode';
import type { Bitrix24Event } from './parseEvent';
import { sentAt } from './sentAt';
import { subjectOf } from './subject';
import { toId } from './toId';
import type { Tree } from './tree';
import { secretsOf, withoutSecrets } from './withoutSecrets';

/** What a workflow receives for an event, flat, so that it maps straight to the columns of a table. */
export type EventItem = {
	event: string;
	entity: string | null;
	action: string | null;
	id: number | string | null;
	leadId?: number | string | null;
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
	const { auth } = event;
	const time = sentAt(event.ts);
	return {
		event: event.code,
		...aboutOf(event.code, event.data),
		sentAt: time === null ? null : new Date(time).toISOString(),
		portalDomain: auth.domain ?? null,
		portalMemberId: auth.member_id ?? null,
		portalEndpoint: auth.client_endpoint ?? null,
		applicationStatus: applicationStatus(auth.status),
		userId: toUserId(auth.user_id),
		isTest,
		...extraOf(event),
	};
}

/**
 * The part of an item that says what happened to what.
 *
 * @param code the event's code
 * @param data the payload's `data`
 */
export function aboutOf(code: string, data: Tree | undefined): Pick<EventItem, 'entity' | 'action' | 'id' | 'leadId'> {
	const { entity, action } = describeCode(code);
	const subject = subjectOf(data).id;
	const id = subject === null ? null : toId(subject);
	return { entity, action, id, ...(entity === 'lead' ? { leadId: id } : {}) };
}

/**
 * Who did it.
 *
 * @param userId as sent
 * @returns null when Bitrix24 tied the event to nobody (nothing, or user 0)
 */
export function toUserId(userId: string | undefined): number | string | null {
	return userId === undefined || userId === '' || userId === '0' ? null : toId(userId);
}

function extraOf({ data, auth }: Bitrix24Event): Pick<EventItem, 'data'> {
	if (data === undefined || !subjectOf(data).carriesMore) return {};
	return { data: withoutSecrets(data, secretsOf(auth)) };
}
