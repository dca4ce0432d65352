import { leadsOf, recordsOf } from './crm/records.mjs';
import { appAuth, type OutgoingWebhook, type Payload, payload } from './delivery/payload.mjs';
import { forge, type Forgery } from './delivery/queueServer.mjs';
import { type EventData, fireEvent, showHandler } from './events.mjs';
import type { Reply } from './faults.mjs';
import { randomToken } from './basics.mjs';
import { type Actor, Portal, type SimulatorOptions } from './portal.mjs';
import { answerRest } from './rest/handleRest.mjs';

/** The parts of the portal that a test has other names for, or no business with. */
type Closed =
	| ('queue' | 'bucket' | 'clock' | 'webhooks')
	| ('queueServer' | 'tokenStore' | 'handlerStore' | 'leadStore' | 'itemStores' | 'taskStore');

interface ByOption {
	/** Who did it, by default the logged-in user. */
	by?: Actor;
}

/** What a genuine delivery is varied by. */
interface DeliveryOverrides extends ByOption {
	event_handler_id?: string;
	ts?: string;
	/** Replaces single keys of `auth`. */
	auth?: Record<string, string>;
}

type Controls = ReturnType<typeof controls>;

/** A simulated Bitrix24 portal with its authorization server and queue server, all on 127.0.0.1. */
export interface Simulator extends Omit<Portal, Closed>, Controls {
	/** The offline queue; `records(connector?)` for assertions. */
	queue: Pick<Portal['queue'], 'records' | 'process'>;
	/** Moves the portal to a new address and returns it. REST at the old one is answered 302. */
	renameTo(domain?: string): Promise<string>;
	stop(): Promise<void>;
}

/** What a test does to the portal, and sees of it, whether it has a server or not. */
export function controls(portal: Portal) {
	const { clock, handlerStore, queueServer, tokenStore } = portal;
	return {
		leads: leadsOf(portal),
		/** Deals, contacts, smart processes, tasks. */
		records: recordsOf(portal),
		outgoingWebhooks: {
			add({ url, events }: { url: string; events: string[] }): OutgoingWebhook {
				const secret = { id: handlerStore.newId(), applicationToken: randomToken(32) };
				const webhook = { ...secret, url, events: events.map((code) => code.toUpperCase()) };
				queueServer.webhooks.push(webhook);
				return webhook;
			},
		},
		incomingWebhooks: {
			/** Makes an incoming webhook of a user (by default the first) and returns its address, `.../rest/1/secret/`. */
			add({ userId = portal.currentUserId, scope = ['crm'] } = {}): string {
				const secret = randomToken(16);
				portal.webhooks.push({ userId, secret, scope });
				return `${portal.portalUrl}/rest/${userId}/${secret}/`;
			},
		},
		/** Makes something happen on the portal. Deliveries and offline records follow. */
		fire: (event: string, data: EventData, { by = portal.currentUserId }: ByOption = {}): void =>
			fireEvent(portal, event.toUpperCase(), data, { by }),
		/** Everything that is bound, of every app, in the form of `event.get`. */
		handlers: () => handlerStore.list().map(showHandler),
		/** Binds a handler of another app on the same portal. */
		bindForOtherApp(event: string, url: string): void {
			const handler = { appId: portal.otherApp.id, event: event.toUpperCase(), url };
			handlerStore.add({ ...handler, userId: 0, connector: '', minTimeout: 1 });
		},
		clearCalls: () => void portal.calls.splice(0),
		/** Settles when no delivery waits or is under way. */
		idle: () => queueServer.idle(),
		/** Posts what anybody on the internet could post. */
		forge: (forgery: Forgery) => forge(portal, forgery),
		/** The nested payload that the portal would send now, tokens and all. */
		delivery(event: string, data: EventData, overrides: DeliveryOverrides = {}): Payload {
			const { by = portal.currentUserId, auth, ...rest } = overrides;
			const genuine = payload(portal, event, 711, data, { ...appAuth(portal, portal.app, event, by), ...auth });
			return { ...genuine, ...rest };
		},
		advance: (milliseconds: number) => clock.advance(milliseconds),
		/** Ends the hour of every access token: 401 `expired_token`. */
		expireAccessTokens: () => tokenStore.expireAccess(),
		/** Forgets every access token: 401 `NO_AUTH_FOUND`. */
		revokeAccessTokens: () => tokenStore.revoke('access'),
		/** Forgets every refresh token: `invalid_grant`. */
		revokeRefreshTokens: () => tokenStore.revoke('refresh'),
		/** Installs the app anew: another application token, and its handlers are gone. */
		reinstallApp(): void {
			portal.app.applicationToken = randomToken(32);
			handlerStore.remove(({ appId }) => appId === portal.app.id);
		},
		/** Tokens for the app without the browser, as the authorization server would answer. */
		issueTokens(userId = portal.currentUserId) {
			const grant = { appId: portal.app.id, userId };
			return { accessToken: tokenStore.issue('access', grant), refreshToken: tokenStore.issue('refresh', grant) };
		},
	};
}

export interface Request {
	url: string;
	authorization?: string;
	params: Record<string, unknown>;
}

/** A portal in this process: nothing listens, and what it would deliver goes nowhere. */
export interface PortalInProcess extends Portal, Controls {
	/**
	 * Answers a REST request, by the same code as the server.
	 * @returns the body parsed where it is JSON
	 * @throws Error where a fault leaves the request without an answer, named as the network does
	 */
	request(request: Request): Promise<{ status: number; location: string | undefined; body: unknown }>;
}

/** Makes a portal without a server. It needs no end. */
export function portalInProcess(options: SimulatorOptions & { portalUrl?: string } = {}): PortalInProcess {
	const portal = new Portal({ deliveryDelay: 0, ...options });
	portal.portalUrl = options.portalUrl ?? 'https://some-domain.bitrix24.com';
	portal.domain = options.domain ?? new URL(portal.portalUrl).host;
	portal.authorizationServer = 'https://oauth.bitrix.info';
	portal.faults.deliveries = 'lost';
	return Object.assign(portal, {
		...controls(portal),
		async request({ url, authorization, params }: Request) {
			const path = new URL(url).pathname.replace(/^\/rest/, '');
			const reply = await new Promise<Reply>((resolve, reject) => {
				answerRest(portal, { source: 'here', path, authorization, params }, resolve).catch(reject);
			});
			if (reply.status === 0) throw new Error(reply.error === 'reset' ? 'read ECONNRESET' : 'ETIMEDOUT');
			return { status: reply.status, location: reply.location, body: parse(reply.body) };
		},
	});
}

function parse(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return body;
	}
}
