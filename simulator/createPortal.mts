import { sampleLeads } from './crm/sampleLeads.mjs';
import { LeadStore } from './crm/leadStore.mjs';
import { QueueServer } from './delivery/queueServer.mjs';
import { HandlerStore } from './events/handlerStore.mjs';
import { knownEvents } from './events/knownEvents.mjs';
import { Faults } from './faults/faults.mjs';
import { TokenStore } from './oauth/tokenStore.mjs';
import { OfflineQueue } from './offline/offlineQueue.mjs';
import type { SimulatorOptions } from './options.mjs';
import { createApp } from './portal/app.mjs';
import { Clock } from './portal/clock.mjs';
import type { Portal } from './portal/portal.mjs';
import type { PortalCore } from './portal/portalCore.mjs';
import { randomHex } from './portal/random.mjs';
import { defaultUsers } from './portal/user.mjs';
import { LeakyBucket } from './rest/leakyBucket.mjs';

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
		leadStore: new LeadStore(),
		webhooks: [],
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
