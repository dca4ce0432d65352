import type { Leads } from './crm/leads.mjs';
import type { OutgoingWebhook, Payload } from './delivery/payload.mjs';
import type { Forgery } from './delivery/send.mjs';
import type { EventData } from './events/fireEvent.mjs';
import type { HandlerRow } from './events/handlerStore.mjs';
import type { Actor, Portal } from './portal/portal.mjs';

/** The parts of the portal that a test reads and changes directly. */
type Open =
	| 'portalUrl'
	| 'domain'
	| 'authorizationServer'
	| 'memberId'
	| 'app'
	| 'users'
	| 'currentUserId'
	| 'consentPage'
	| 'plan'
	| 'rate'
	| 'rateLimited'
	| 'events'
	| 'refuseNegatedFilters'
	| 'calls'
	| 'deliveries'
	| 'executionOf'
	| 'faults';

/** What a genuine delivery is varied by. */
export interface DeliveryOverrides {
	/** Who did it, by default the logged-in user. */
	by?: Actor;
	event_handler_id?: string;
	ts?: string;
	/** Replaces single keys of `auth`. */
	auth?: Record<string, string>;
}

/** A simulated Bitrix24 portal with its authorization server and queue server, all on 127.0.0.1. */
export interface Simulator extends Pick<Portal, Open> {
	leads: Leads;
	/** The offline queue; `records(connector?)` for assertions. */
	queue: Pick<Portal['queue'], 'records'>;
	outgoingWebhooks: { add(webhook: { url: string; events: string[] }): OutgoingWebhook };
	/** Makes an incoming webhook of a user (by default the first) and returns its address, `.../rest/1/secret/`. */
	incomingWebhooks: { add(options?: { userId?: number; scope?: string[] }): string };
	/** Makes something happen on the portal. Deliveries and offline records follow. */
	fire(event: string, data: EventData, options?: { by?: Actor }): void;
	/** Everything that is bound, of every app, in the form of `event.get`. */
	handlers(): HandlerRow[];
	/** Binds a handler of another app on the same portal. */
	bindForOtherApp(event: string, handler: string): void;
	clearCalls(): void;
	/** Settles when no delivery waits or is under way. */
	idle(): Promise<void>;
	/** Posts what anybody on the internet could post. */
	forge(forgery: Forgery): Promise<{ status: number; body: string }>;
	/** The nested payload that the portal would send now, tokens and all. */
	delivery(event: string, data: EventData, overrides?: DeliveryOverrides): Payload;
	/** Moves the portal to a new address and returns it. REST at the old one is answered 302. */
	renameTo(domain?: string): Promise<string>;
	/** Moves the simulator's time forward. */
	advance(milliseconds: number): void;
	/** Ends the hour of every access token: 401 `expired_token`. */
	expireAccessTokens(): void;
	/** Forgets every access token: 401 `NO_AUTH_FOUND`. */
	revokeAccessTokens(): void;
	/** Forgets every refresh token: `invalid_grant`. */
	revokeRefreshTokens(): void;
	/** Installs the app anew: another application token, and its handlers are gone. */
	reinstallApp(): void;
	/** Tokens for the app without the browser, as the authorization server would answer. */
	issueTokens(userId?: number): { accessToken: string; refreshToken: string };
	stop(): Promise<void>;
}
