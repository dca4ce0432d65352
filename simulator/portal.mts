import { Clock, randomHex, randomToken } from './basics.mjs';
import { entityTypes } from './crm/items.mjs';
import { type PortalRecord, RecordStore, sampleLeads } from './crm/records.mjs';
import { type Delivery, type ExecutionLink, QueueServer } from './delivery/queueServer.mjs';
import { HandlerStore, knownEvents } from './events.mjs';
import { Faults } from './faults.mjs';
import { TokenStore } from './oauth/tokenStore.mjs';
import { OfflineQueue } from './offline/offlineQueue.mjs';
import { type IncomingWebhook, LeakyBucket, type Rate } from './rest/execute.mjs';
import type { RestCall } from './rest/handleRest.mjs';

/**
 * Everything the portal knows. Its servers, methods and page read it at every use, so tests may change any of it.
 * Nobody can reach it yet: its addresses are filled in when its servers are up.
 */
export class Portal {
	/** `http://127.0.0.1:PORT`; another after the portal was renamed. */
	portalUrl = '';
	/** The portal's address without scheme, as events carry it. */
	domain = '';
	/** `http://127.0.0.1:PORT` of the second server. */
	authorizationServer = '';
	/** The portal's identity, 32 hexadecimal characters; it survives a change of address. */
	memberId = randomHex(32);
	app: SimulatedApp;
	/** A second app on the same portal, which must never be touched. */
	otherApp = createApp({ id: 6 });
	users: SimulatedUser[];
	/** Who is logged in in the browser, and so answers "Allow" at `/oauth/authorize/`. */
	currentUserId: number;
	/** Whether `/oauth/authorize/` asks before it sends the browser back. */
	consentPage: boolean;
	plan: Plan;
	rate: Rate;
	/** REST calls refused with `QUERY_LIMIT_EXCEEDED` so far. */
	rateLimited = 0;
	/** Event codes that the portal knows, upper case. */
	events = knownEvents();
	/** Whether a `!` in an offline filter is refused, as current documentation says, rather than understood. */
	refuseNegatedFilters = false;
	calls: RestCall[] = [];
	deliveries: Delivery[] = [];
	faults = new Faults();
	readonly clock: Clock;
	readonly bucket: LeakyBucket;
	readonly queue: OfflineQueue;
	readonly queueServer: QueueServer;
	readonly tokenStore: TokenStore;
	readonly handlerStore = new HandlerStore();
	/** A new lead has a title and a status. */
	readonly leadStore = new RecordStore((id) => ({ TITLE: `Lead #${id}`, STATUS_ID: 'NEW' }));
	/** Leads, deals and the other records of CRM, by their `entityTypeId`. */
	readonly itemStores = new Map<number, RecordStore>([[entityTypes.lead, this.leadStore]]);
	readonly taskStore = new RecordStore();
	readonly webhooks: IncomingWebhook[] = [];

	constructor(options: SimulatorOptions) {
		this.app = createApp(options.app);
		this.users = options.users ?? defaultUsers();
		this.currentUserId = this.users[0]?.id ?? 1;
		this.consentPage = options.consentPage ?? false;
		this.plan = options.plan ?? { rest: true, offlineExtended: true, authConnector: true };
		this.rate = options.rate ?? { perSecond: 2, burst: 50 };
		this.clock = new Clock(options.now ?? Date.now);
		this.bucket = new LeakyBucket(this.clock);
		this.queue = new OfflineQueue(this.clock, options.newProcessId);
		this.tokenStore = new TokenStore(this.clock, options.tokenMark);
		this.queueServer = new QueueServer(this, {
			delay: options.deliveryDelay ?? 5,
			parallel: options.deliveryParallel ?? 10,
			timeout: options.deliveryTimeout ?? 10_000,
		});
		for (const fields of options.leads ?? sampleLeads()) this.leadStore.add(fields);
	}

	/** What the receiving n8n made of a delivery, where somebody can tell; the portal itself cannot. */
	executionOf: (delivery: Delivery) => ExecutionLink | undefined = () => undefined;

	/** A user's rights to records, which tests replace. `kind` is CRM's `entityTypeId`, or `task`. */
	mayRead: (user: SimulatedUser, record: PortalRecord, kind: number | 'task') => boolean = () => true;
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

/** An application installed on the portal. Tests change its fields while the portal runs. */
export interface SimulatedApp {
	/** The portal's own number for the app, as in `app.info`. */
	id: number;
	code: string;
	clientId: string;
	clientSecret: string;
	/** Sent with every event; constant until the app is installed anew. */
	applicationToken: string;
	/** "Your handler path" in the app's card: where `/oauth/authorize/` sends the browser back to. */
	redirectUri: string;
	scope: string[];
	/** Whether the installation was finished. Until then the portal sends nothing. */
	installed: boolean;
	/** L local, F free, D demo, T trial, P paid, S subscription. */
	status: string;
}

/** A local, installed app with the permissions that the examples need, each field replaceable. */
export function createApp(overrides: Partial<SimulatedApp> = {}): SimulatedApp {
	const clientId = `local.${randomHex(14)}.${String(10_000_000 + Math.floor(Math.random() * 89_999_999))}`;
	return {
		id: 5,
		code: clientId,
		clientId,
		clientSecret: randomToken(50),
		applicationToken: randomToken(32),
		redirectUri: '',
		scope: ['crm', 'task', 'user_brief'],
		installed: true,
		status: 'L',
		...overrides,
	};
}

/** How a simulated portal starts. Everything has a default. */
export interface SimulatorOptions {
	/** The portal's port; any free one by default. */
	port?: number;
	/** The authorization server's port; any free one by default. */
	authorizationPort?: number;
	/** `auth.domain` of the events; by default `127.0.0.1:PORT`. */
	domain?: string;
	app?: Partial<SimulatedApp>;
	/** The first one is logged in. */
	users?: SimulatedUser[];
	/** Fields of the leads that are there at the start; by default three. */
	leads?: Array<Record<string, unknown>>;
	/** By default 2 a second, burst 50. */
	rate?: Rate;
	/** By default everything is allowed. */
	plan?: Plan;
	/** Whether `/oauth/authorize/` asks before it sends the browser back; by default it does not. */
	consentPage?: boolean;
	/** Milliseconds between an event and its delivery, by default 5. */
	deliveryDelay?: number;
	/** Deliveries under way at once, by default 10. */
	deliveryParallel?: number;
	/** Milliseconds that a handler has to answer, by default 10,000. */
	deliveryTimeout?: number;
	/** Hexadecimal: every access token, refresh token and code begins with it, so that one that leaks is found. */
	tokenMark?: string;
	/** Names a reservation; by default at random. */
	newProcessId?: () => string;
	/** The clock, in milliseconds since 1970. */
	now?: () => number;
}
