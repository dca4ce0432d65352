import type { PortalRecord, RecordStore } from '../crm/recordStore.mjs';
import type { QueueServer } from '../delivery/queueServer.mjs';
import type { Delivery, ExecutionLink } from '../delivery/send.mjs';
import type { HandlerStore } from '../events/handlerStore.mjs';
import type { Faults } from '../faults.mjs';
import type { TokenStore } from '../oauth/tokenStore.mjs';
import type { OfflineQueue } from '../offline/offlineQueue.mjs';
import type { RestCall } from '../rest/handleRest.mjs';
import type { LeakyBucket, Rate } from '../rest/leakyBucket.mjs';
import type { SimulatedApp } from './app.mjs';
import type { Clock } from './clock.mjs';

/** Everything the portal knows. Its servers, methods and page read it at every use, so tests may change any of it. */
export interface PortalCore {
	/** `http://127.0.0.1:PORT`; another after the portal was renamed. */
	portalUrl: string;
	/** The portal's address without scheme, as events carry it. */
	domain: string;
	/** `http://127.0.0.1:PORT` of the second server. */
	authorizationServer: string;
	/** The portal's identity, 32 hexadecimal characters; it survives a change of address. */
	memberId: string;
	app: SimulatedApp;
	/** A second app on the same portal, which must never be touched. */
	otherApp: SimulatedApp;
	users: SimulatedUser[];
	/** Who is logged in in the browser, and so answers "Allow" at `/oauth/authorize/`. */
	currentUserId: number;
	/** Whether `/oauth/authorize/` asks before it sends the browser back. */
	consentPage: boolean;
	plan: Plan;
	rate: Rate;
	bucket: LeakyBucket;
	/** REST calls refused with `QUERY_LIMIT_EXCEEDED` so far. */
	rateLimited: number;
	/** Event codes that the portal knows, upper case. */
	events: string[];
	/** Whether a `!` in an offline filter is refused, as current documentation says, rather than understood. */
	refuseNegatedFilters: boolean;
	calls: RestCall[];
	deliveries: Delivery[];
	/** What the receiving n8n made of a delivery, where somebody can tell; the portal itself cannot. */
	executionOf(delivery: Delivery): ExecutionLink | undefined;
	faults: Faults;
	queue: OfflineQueue;
	clock: Clock;
	tokenStore: TokenStore;
	handlerStore: HandlerStore;
	leadStore: RecordStore;
	/** Deals, contacts and the other records of CRM, by their `entityTypeId`. */
	itemStores: Map<number, RecordStore>;
	taskStore: RecordStore;
	/** A user's rights to records, which tests replace. `kind` is CRM's `entityTypeId`, or `task`. */
	mayRead(user: SimulatedUser, record: PortalRecord, kind: number | 'task'): boolean;
}

/** The portal together with the queue server that calls its handlers. */
export interface Portal extends PortalCore {
	queueServer: QueueServer;
}

/** What the portal's commercial plan allows. */
export interface Plan {
	/** Whether the plan has REST at all. */
	rest: boolean;
	/** `rest_offline_extended`: reservation of offline events (`clear=0`). */
	offlineExtended: boolean;
	/** `rest_auth_connector`: separate offline queues. */
	authConnector: boolean;
}

/** An employee of the portal. */
export interface SimulatedUser {
	id: number;
	name: string;
	lastName: string;
	/** Whether they may manage applications; offline events need it. */
	admin: boolean;
}

/** The default staff: an administrator first, then somebody without the right to manage applications. */
export function defaultUsers(): SimulatedUser[] {
	return [
		{ id: 1, name: 'Alice', lastName: 'Archer', admin: true },
		{ id: 15, name: 'Bob', lastName: 'Baker', admin: false },
	];
}

/** Who caused a change: a user by id, or `robot` for an automation rule, a workflow or an agent. */
export type Actor = number | 'robot';

/** What is known about the cause of an event. */
export interface Origin {
	by: Actor;
	/** The app that made the change by REST itself, if one did. */
	appId?: number;
	/** The `auth_connector` of that REST call, `''` without one. */
	connector?: string;
	/** Settles when the REST call has been answered: the queue server hears of an event only after that. */
	answered?: Promise<void>;
}
