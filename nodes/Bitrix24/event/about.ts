import { describeCode } from './describeCode';
import { subjectOf } from './subject';
import { toId } from './toId';
import type { Tree } from './tree';

/** The part of an item that says what happened to what. */
export type About = {
	event: string;
	entity: string | null;
	action: string | null;
	id: number | string | null;
	leadId?: number | string | null;
};

/**
 * Says what happened to what.
 *
 * @param code the event's code in upper case
 * @param data the payload's `data`
 */
export function aboutOf(code: string, data: Tree | undefined): About {
	const { entity, action } = describeCode(code);
	const subject = subjectOf(data).id;
	const id = subject === null ? null : toId(subject);
	return { event: code, entity, action, id, ...(entity === 'lead' ? { leadId: id } : {}) };
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

/**
 * The payload's whole `data`, for events that carry more than an id.
 *
 * @param data without tokens
 */
export function extraOf(data: Tree | undefined): { data?: Tree } {
	return data !== undefined && subjectOf(data).carriesMore ? { data } : {};
}
