/** One row of the portal's table of event handlers. */
export interface Handler {
	/** `event_handler_id` of the deliveries. */
	id: number;
	appId: number;
	event: string;
	/** Where to call; `''` for an offline handler, which only fills the queue. */
	url: string;
	/** `auth_type`: 0 for whoever causes the event, else the one user whose actions count. */
	userId: number;
	/** `auth_connector`, `''` without one. */
	connector: string;
	/** Seconds between two calls of an `ONOFFLINEEVENT` handler. */
	minTimeout: number;
}

/** A handler as `event.get` shows it. */
export type HandlerRow =
	| { event: string; handler: string; auth_type: string; offline: 0 }
	| { event: string; connector_id: string; offline: 1 };

/** The form in which REST lists a handler. */
export function showHandler({ event, url, userId, connector }: Handler): HandlerRow {
	return url === ''
		? { event, connector_id: connector, offline: 1 }
		: { event, handler: url, auth_type: String(userId), offline: 0 };
}

const IDENTITY = ['appId', 'event', 'url', 'userId', 'connector'] as const;

/** The handlers that apps have bound. */
export class HandlerStore {
	private rows: Handler[] = [];
	private nextId = 58;

	/** Adds a handler. False: the same (app, event, handler, user, connector) is bound already. */
	add(handler: Omit<Handler, 'id'>): boolean {
		if (this.rows.some((row) => IDENTITY.every((key) => row[key] === handler[key]))) return false;
		this.rows.push({ id: this.newId(), ...handler });
		return true;
	}

	/** An unused `event_handler_id`. */
	newId(): number {
		return this.nextId++;
	}

	/** Removes the handlers that match, and tells how many. */
	remove(matches: (handler: Handler) => boolean): number {
		const before = this.rows.length;
		this.rows = this.rows.filter((row) => !matches(row));
		return before - this.rows.length;
	}

	/** All handlers, the oldest first. */
	list(): readonly Handler[] {
		return this.rows;
	}
}
