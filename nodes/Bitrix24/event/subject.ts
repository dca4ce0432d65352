import type { Tree, TreeMap } from './tree';
import { isMap } from './tree';

// Where the documented events keep the id of what changed: most in FIELDS, tasks before and after the change, timeline
// comments and calendar entries at the top.
const places = ['FIELDS', 'FIELDS_AFTER', 'FIELDS_BEFORE'];
// News feed posts are the only documented ones that call it otherwise.
const idKeys = ['ID', 'id', 'POST_ID'];

/** What an event is about. */
export interface Subject {
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
export function subjectOf(data: Tree | undefined): Subject {
	if (!isMap(data)) return { id: null, carriesMore: data !== undefined && data.length > 0 };
	const beside = Object.keys(data).length - 1;
	for (const place of places) {
		const fields = data[place];
		const id = isMap(fields) ? findId(fields) : null;
		if (isMap(fields) && id !== null) return { id, carriesMore: beside + Object.keys(fields).length - 1 > 0 };
	}
	const id = findId(data);
	return { id, carriesMore: (id === null ? beside + 1 : beside) > 0 };
}

function findId(fields: TreeMap): string | null {
	for (const key of idKeys) {
		const value = fields[key];
		if (typeof value === 'string' && value !== '') return value;
	}
	return null;
}
