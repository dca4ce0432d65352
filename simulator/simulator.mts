import { type Leads, leadsOf } from './crm/leads.mjs';
import { type Records, recordsOf } from './crm/records.mjs';
import { appAuth, type OutgoingWebhook, type Payload, payload } from './delivery/payload.mjs';
import { type Forgery, forge } from './delivery/send.mjs';
import { type EventData, fireEvent } from './events/fireEvent.mjs';
import { type HandlerRow, showHandler } from './events/handlerStore.mjs';
import { randomToken } from './portal/app.mjs';
import type { Actor, Portal } from './portal/portal.mjs';

/** The parts of the portal that a test has other names for, or no business with. */
type Closed =
	| ('queue' | 'bucket' | 'clock')
	| ('queueServer' | 'tokenStore' | 'handlerStore' | 'leadStore' | 'itemStores' | 'taskStore');

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
export interface Simulator extends Omit<Portal, Closed> {
	leads: Leads;
	/** Deals, contacts, smart processes, tasks: what is no lead. */
	records: Records;
	/** The offline queue; `records(connector?)` for assertions. */
	queue: Pick<Portal['queue'], 'records' | 'process'>;
	outgoingWebhooks: { add(webhook: { url: string; events: string[] }): OutgoingWebhook };
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

/** What a test does to the portal, and sees of it. */
export type Controls = Omit<Simulator, keyof Portal | 'queue' | 'renameTo' | 'stop'>;

/** The controls of a portal, whether it has a server or not. */
export function controls(portal: Portal): Controls {
	const { clock, handlerStore, queueServer, tokenStore } = portal;
	return {
		leads: leadsOf(portal),
		records: recordsOf(portal),
		outgoingWebhooks: {
			add({ url, events }) {
				const secret = { id: handlerStore.newId(), applicationToken: randomToken(32) };
				const webhook = { ...secret, url, events: events.map((code) => code.toUpperCase()) };
				queueServer.webhooks.push(webhook);
				return webhook;
			},
		},
		fire: (event, data, { by = portal.currentUserId } = {}) => fireEvent(portal, event.toUpperCase(), data, { by }),
		handlers: () => handlerStore.list().map(showHandler),
		bindForOtherApp(event, url) {
			const handler = { appId: portal.otherApp.id, event: event.toUpperCase(), url };
			handlerStore.add({ ...handler, userId: 0, connector: '', minTimeout: 1 });
		},
		clearCalls: () => void portal.calls.splice(0),
		idle: () => queueServer.idle(),
		forge: (forgery) => forge(portal, forgery),
		delivery(event, data, { by = portal.currentUserId, auth, ...rest } = {}) {
			const genuine = payload(portal, event, 711, data, { ...appAuth(portal, portal.app, event, by), ...auth });
			return { ...genuine, ...rest };
		},
		advance: (milliseconds) => clock.advance(milliseconds),
		expireAccessTokens: () => tokenStore.expireAccess(),
		revokeAccessTokens: () => tokenStore.revokeAccess(),
		revokeRefreshTokens: () => tokenStore.revokeRefresh(),
		reinstallApp() {
			portal.app.applicationToken = randomToken(32);
			handlerStore.remove(({ appId }) => appId === portal.app.id);
		},
		issueTokens(userId = portal.currentUserId) {
			const grant = { appId: portal.app.id, userId };
			return { accessToken: tokenStore.issueAccess(grant), refreshToken: tokenStore.issueRefresh(grant) };
		},
	};
}
