import { createLeadStore, sampleLeads } from './crm/leads.mjs';
import { RecordStore } from './crm/recordStore.mjs';
import { QueueServer } from './delivery/queueServer.mjs';
import { HandlerStore } from './events/handlerStore.mjs';
import { knownEvents } from './events/knownEvents.mjs';
import { Faults } from './faults.mjs';
import { TokenStore } from './oauth/tokenStore.mjs';
import { OfflineQueue } from './offline/offlineQueue.mjs';
import { createApp, randomHex, type SimulatedApp } from './portal/app.mjs';
import { Clock } from './portal/clock.mjs';
import { defaultUsers, type Plan, type Portal, type PortalCore, type SimulatedUser } from './portal/portal.mjs';
import { LeakyBucket, type Rate } from './rest/leakyBucket.mjs';

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

/** A portal that nobody can reach yet: its addresses are filled in when its servers are up. */
export function createPortal(options: SimulatorOptions): Portal {
	const clock = new Clock(options.now ?? Date.now);
	const users = options.users ?? defaultUsers();
	const portal: PortalCore = {
		portalUrl: '',
		domain: '',
		authorizationServer: '',
		memberId: randomHex(32),
		app: createApp(options.app),
		otherApp: createApp({ id: 6 }),
		users,
		currentUserId: users[0]?.id ?? 1,
		consentPage: options.consentPage ?? false,
		plan: options.plan ?? { rest: true, offlineExtended: true, authConnector: true },
		rate: options.rate ?? { perSecond: 2, burst: 50 },
		bucket: new LeakyBucket(clock),
		rateLimited: 0,
		events: knownEvents(),
		refuseNegatedFilters: false,
		calls: [],
		deliveries: [],
		executionOf: () => undefined,
		faults: new Faults(),
		queue: new OfflineQueue(clock, options.newProcessId),
		clock,
		tokenStore: new TokenStore(clock, options.tokenMark),
		handlerStore: new HandlerStore(),
		leadStore: createLeadStore(),
		itemStores: new Map(),
		taskStore: new RecordStore(),
		mayRead: () => true,
	};
	for (const fields of options.leads ?? sampleLeads()) portal.leadStore.add(fields);
	return withQueueServer(portal, options);
}

/** The queue server reads the portal it serves, so it is added last, to the same object. */
function withQueueServer(portal: PortalCore, options: SimulatorOptions): Portal {
	const { deliveryDelay = 5, deliveryParallel = 10, deliveryTimeout = 10_000 } = options;
	const settings = { delay: deliveryDelay, parallel: deliveryParallel, timeout: deliveryTimeout };
	return Object.assign(portal, { queueServer: new QueueServer(portal, settings) });
}
