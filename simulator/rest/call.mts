import type { SimulatedApp } from '../portal/app.mjs';
import type { Origin, Portal, SimulatedUser } from '../portal/portal.mjs';
import type { Params } from './params.mjs';

/** A REST call that has been recognised and admitted. */
export interface Call {
	portal: Portal;
	params: Params;
	/** The parameters as they were sent, without the token. */
	query: Record<string, unknown>;
	user: SimulatedUser;
	app: SimulatedApp;
	/** The access token of the call. */
	token: string;
	/** `auth_connector`, `''` without one. */
	connector: string;
	/** What events caused by this call carry. */
	origin: Origin;
	/** Runs another method, as if the same caller had called it by itself: for `batch`. */
	run(method: string, params: Record<string, unknown>): Answer;
}

/** A REST answer before it is written. */
export interface Answer {
	/** HTTP status. */
	status: number;
	body: Record<string, unknown>;
	/** Whose token it was; null when nobody could be recognised. */
	userId: number | null;
	/** `error` of the body. */
	error?: string;
}

/** One page of a list: adds `total` and `next` to the answer. */
export class Page {
	constructor(
		readonly rows: unknown,
		readonly total: number,
		readonly next: number | undefined,
	) {}
}

/** Records in a page of every list method. */
export const PAGE_SIZE = 50;

/** Cuts the page that begins at `start` out of all rows. */
export function page<T>(rows: T[], start: number, show: (row: T) => unknown): Page {
	const end = start + PAGE_SIZE;
	return new Page(rows.slice(start, end).map(show), rows.length, end < rows.length ? end : undefined);
}

/** A REST method: returns `result` (or a page of it), or throws a RestError. */
export interface Method {
	/** The permission that it needs, or those of which one will do; none for common methods. */
	scope?: string | readonly string[];
	run(call: Call): unknown;
}
