import { describeCode } from './codes';
import type { PayloadObject, PayloadValue } from './payload';
import { isPayloadObject } from './payload';

/** The part of an item that says what happened to what. */
export type EventFields = {
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
export function toEventFields(code: string, data: PayloadValue | undefined): EventFields {
	const { entity, action } = describeCode(code);
	const { id: sent } = findEntity(data);
	const id = sent === null ? null : toId(sent);
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
export function extraData(data: PayloadValue | undefined): { data?: PayloadValue } {
	return data !== undefined && findEntity(data).carriesMore ? { data } : {};
}

// Where the documented events keep the id of what changed: most in FIELDS, tasks before and after the change, timeline
// comments and calendar entries at the top.
const idPaths = ['FIELDS', 'FIELDS_AFTER', 'FIELDS_BEFORE'];
// News feed posts call it POST_ID. A comment of the new task card has ID 0, and its own id in MESSAGE_ID.
const idKeys = ['ID', 'id', 'POST_ID'];
const fieldIdKeys = [...idKeys, 'MESSAGE_ID'];

/** What an event is about. */
export interface EntityRef {
	/** The id as sent, null when the event names none. */
	id: string | null;
	/** Whether the payload says more than that id. */
	carriesMore: boolean;
}

/**
 * Finds the id of what an event is about.
 *
 * @param data the payload's `data`, undefined where the event has none
 */
export function findEntity(data: PayloadValue | undefined): EntityRef {
	if (!isPayloadObject(data)) return { id: null, carriesMore: data !== undefined && data.length > 0 };
	const beside = Object.keys(data).length - 1;
	for (const path of idPaths) {
		const fields = data[path];
		const id = isPayloadObject(fields) ? findId(fields, fieldIdKeys) : null;
		if (isPayloadObject(fields) && id !== null) return { id, carriesMore: beside + Object.keys(fields).length - 1 > 0 };
	}
	const id = findId(data, idKeys);
	return { id, carriesMore: (id === null ? beside + 1 : beside) > 0 };
}

/** 0 is no id anywhere. */
function findId(fields: PayloadObject, keys: readonly string[]): string | null {
	for (const key of keys) {
		const value = fields[key];
		if (typeof value === 'string' && value !== '' && value !== '0') return value;
	}
	return null;
}

// Fifteen digits are what a JavaScript number holds exactly, whatever the digits are.
const safeNumber = /^(?:0|[1-9]\d{0,14})$/;

/**
 * An id in the form that people expect in a column: a number when it is one, else as sent
 * (currencies are `CHE`, and a number with a leading zero or more than 15 digits would change).
 *
 * @param id as sent
 */
export function toId(id: string): number | string {
	return safeNumber.test(id) ? Number(id) : id;
}

const statusWords = new Map([
	['L', 'local'],
	['F', 'free'],
	['D', 'demo'],
	['T', 'trial'],
	['P', 'paid'],
	['S', 'subscription'],
]);

/**
 * The application's status in a word.
 *
 * @param letter `auth.status` as sent; outgoing webhooks send none
 * @returns the word, the letter itself when it is not a documented one, null when there is none
 */
export function applicationStatus(letter: string | undefined): string | null {
	return letter === undefined ? null : (statusWords.get(letter) ?? letter);
}
