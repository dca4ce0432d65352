import type { Origin, Portal } from './portal.mjs';

/** What an event says about its object: `data` of a delivery, `EVENT_DATA` of an offline record. */
export type EventData = Record<string, unknown>;

/** Tells every handler of the event: online ones through the queue server, offline ones by a record in the queue. */
export function fireEvent(portal: Portal, event: string, data: EventData, origin: Origin): void {
	const queuedFor = new Set<number>();
	for (const handler of portal.handlerStore.list()) {
		if (handler.event !== event || !concerns(portal, handler, origin)) continue;
		if (handler.url !== '') {
			portal.queueServer.enqueue({ event, data, origin, handler });
		} else if (!isEcho(handler, origin)) {
			portal.queue.add({ appId: handler.appId, connector: handler.connector, event, data, by: origin.by });
			queuedFor.add(handler.appId);
		}
	}
	portal.queueServer.enqueueWebhooks({ event, data, origin });
	notifyOffline(portal, queuedFor, origin);
}

/** A change that the app made itself, under the same `auth_connector`, is not queued back to it. */
function isEcho(handler: Handler, origin: Origin): boolean {
	return origin.appId === handler.appId && origin.connector === handler.connector;
}

/**
 * Whether a handler hears of what happened: nothing reaches an app before its installation is complete, `event.test`
 * reaches the app that called it only, and a handler under somebody's `auth_type` knows that user's actions only.
 */
function concerns(portal: Portal, handler: Handler, origin: Origin): boolean {
	if (handler.event === 'ONAPPTEST' && origin.appId !== undefined && origin.appId !== handler.appId) return false;
	const app = [portal.app, portal.otherApp].find(({ id }) => id === handler.appId);
	return app?.installed === true && (handler.userId === 0 || handler.userId === origin.by);
}

const lastNotified = new WeakMap<Portal, Map<number, number>>();

/** Calls the `ONOFFLINEEVENT` handlers of the apps whose queue has grown, at most once in their `minTimeout`. */
function notifyOffline(portal: Portal, appIds: ReadonlySet<number>, origin: Origin): void {
	const last = lastNotified.get(portal) ?? new Map<number, number>();
	lastNotified.set(portal, last);
	const now = portal.clock.now();
	for (const handler of portal.handlerStore.list()) {
		if (handler.event !== 'ONOFFLINEEVENT' || !appIds.has(handler.appId) || !concerns(portal, handler, origin))
			continue;
		const due = (last.get(handler.id) ?? -Infinity) + handler.minTimeout * 1000;
		if (now < due) continue;
		last.set(handler.id, now);
		portal.queueServer.enqueue({ event: handler.event, data: {}, origin, handler });
	}
}

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

export function showHandler({ event, url, userId, connector }: Handler): HandlerRow {
	return url === ''
		? { event, connector_id: connector, offline: 1 }
		: { event, handler: url, auth_type: String(userId), offline: 0 };
}

const IDENTITY = ['appId', 'event', 'url', 'userId', 'connector'] as const;

export class HandlerStore {
	private rows: Handler[] = [];
	private nextId = 58;

	/** Adds a handler. False: the same (app, event, handler, user, connector) is bound already. */
	add(handler: Omit<Handler, 'id'>): boolean {
		if (this.rows.some((row) => IDENTITY.every((key) => row[key] === handler[key]))) return false;
		this.rows.push({ id: this.newId(), ...handler });
		return true;
	}

	newId(): number {
		return this.nextId++;
	}

	/** Removes the handlers that match, and tells how many. */
	remove(matches: (handler: Handler) => boolean): number {
		const before = this.rows.length;
		this.rows = this.rows.filter((row) => !matches(row));
		return before - this.rows.length;
	}

	list(): readonly Handler[] {
		return this.rows;
	}
}

const SMART_PROCESS = 1220;

const crud = (entity: string): string[] => [`ON${entity}ADD`, `ON${entity}UPDATE`, `ON${entity}DELETE`];

/**
 * What REST `events` answers on a portal with one smart process (type 1220), before the app's scope is applied.
 * Note that leads are `ONCRMLEAD...`: the name `ONLEADDELETE` of older documentation is not on the list.
 */
export function knownEvents(): string[] {
	const smartProcess = crud('CRMDYNAMICITEM');
	return [
		...['ONAPPUNINSTALL', 'ONAPPINSTALL', 'ONAPPUPDATE', 'ONAPPPAYMENT', 'ONAPPTEST', 'ONAPPMETHODCONFIRM'],
		'ONOFFLINEEVENT',
		'ONUSERADD',
		...['CRMLEAD', 'CRMDEAL', 'CRMCOMPANY', 'CRMCONTACT', 'CRMQUOTE', 'CRMCURRENCY'].flatMap(crud),
		...['CRMACTIVITY', 'CRMREQUISITE', 'CRMBANKDETAIL', 'CRMTIMELINECOMMENT', 'CRMTYPE'].flatMap(crud),
		'ONCRMDEALMOVETOCATEGORY',
		...['ONCRMADDRESSREGISTER', 'ONCRMADDRESSUNREGISTER'],
		...smartProcess,
		...smartProcess.map((code) => `${code}_${SMART_PROCESS}`),
		...[...crud('TASK'), ...crud('TASKCOMMENT'), ...crud('CALENDARENTRY')],
	];
}

/** Which permission an event code belongs to, by the beginning of its name. */
const SCOPES: ReadonlyArray<[RegExp, string]> = [
	[/^ON(CRM|LEAD)/, 'crm'],
	[/^ONTASK/, 'task'],
	[/^ONCALENDAR/, 'calendar'],
	[/^ONBOOKING/, 'booking'],
	[/^ONSONET/, 'sonet'],
	[/^ONUSER/, 'user'],
];

/** The permission that an app needs to see the event; undefined for events that every app sees. */
function scopeOfEvent(code: string): string | undefined {
	return SCOPES.find(([pattern]) => pattern.test(code))?.[1];
}

/** The events of the list that an app with these permissions can bind. */
export function eventsInScope(codes: string[], scope: string[]): string[] {
	return codes.filter((code) => {
		const needed = scopeOfEvent(code);
		return needed === undefined || scope.includes(needed);
	});
}
