import type { LeadStore } from '../crm/leadStore.mjs';
import type { Delivery, ExecutionLink } from '../delivery/delivery.mjs';
import type { HandlerStore } from '../events/handlerStore.mjs';
import type { Faults } from '../faults/faults.mjs';
import type { TokenStore } from '../oauth/tokenStore.mjs';
import type { OfflineQueue } from '../offline/offlineQueue.mjs';
import type { IncomingWebhook } from '../rest/incomingWebhook.mjs';
import type { LeakyBucket, Rate } from '../rest/leakyBucket.mjs';
import type { RestCall } from '../rest/restCall.mjs';
import type { SimulatedApp } from './app.mjs';
import type { Clock } from './clock.mjs';
import type { Plan } from './plan.mjs';
import type { SimulatedUser } from './user.mjs';

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
	/** What the receiving n8n made of a delivery, where somebody can tell; the portal itself can not. */
	executionOf(delivery: Delivery): ExecutionLink | undefined;
	faults: Faults;
	queue: OfflineQueue;
	clock: Clock;
	tokenStore: TokenStore;
	handlerStore: HandlerStore;
	leadStore: LeadStore;
	webhooks: IncomingWebhook[];
}
