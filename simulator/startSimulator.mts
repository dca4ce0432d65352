import express, { type Express, type RequestHandler } from 'express';
import { createServer } from 'node:http';
import { createPortal, type SimulatorOptions } from './createPortal.mjs';
import { leadsOf } from './crm/leads.mjs';
import { appAuth, payload } from './delivery/payload.mjs';
import { forge } from './delivery/send.mjs';
import { fireEvent } from './events/fireEvent.mjs';
import { showHandler } from './events/handlerStore.mjs';
import { authorize } from './oauth/authorize.mjs';
import { tokenEndpoint } from './oauth/tokenEndpoint.mjs';
import { pageRoutes } from './page/routes.mjs';
import { randomToken } from './portal/app.mjs';
import type { Portal } from './portal/portal.mjs';
import { handleRest, readAddress } from './rest/handleRest.mjs';
import { readParams, withoutSecrets } from './rest/params.mjs';
import type { DeliveryOverrides, Simulator } from './simulator.mjs';

/** Starts a simulated portal and its authorization server. Stop it with `stop()`. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const portal = createPortal(options);
	const application = portalServer(portal);
	const servers = [await listen(application, options.port ?? 0)];
	servers.push(await listen(authorizationServer(portal), options.authorizationPort ?? 0));
	const [main, oauth] = servers;
	if (main) moveTo(portal, main, options.domain);
	portal.authorizationServer = oauth?.url ?? '';
	return Object.assign(portal, {
		...controls(portal),
		async renameTo(domain?: string) {
			const moved = await listen(application, 0);
			servers.push(moved);
			moveTo(portal, moved, domain);
			return moved.url;
		},
		async stop() {
			await portal.queueServer.stop();
			await Promise.all(servers.map((server) => server.stop()));
		},
	});
}

/** What a test does to the portal, and sees of it. */
export type Controls = Omit<Simulator, keyof Portal | 'queue' | 'renameTo' | 'stop'>;

/** The controls of a portal, whether it has a server or not. */
export function controls(portal: Portal): Controls {
	return {
		...events(portal),
		...tokens(portal),
		...webhooks(portal),
		clearCalls: () => void portal.calls.splice(0),
		idle: () => portal.queueServer.idle(),
		advance: (milliseconds) => portal.clock.advance(milliseconds),
	};
}

function moveTo(portal: Portal, { url }: Listening, domain = new URL(url).host): void {
	portal.portalUrl = url;
	portal.domain = domain;
}

function events(
	portal: Portal,
): Pick<Simulator, 'leads' | 'fire' | 'handlers' | 'bindForOtherApp' | 'forge' | 'delivery'> {
	return {
		leads: leadsOf(portal),
		fire: (event, data, { by = portal.currentUserId } = {}) => fireEvent(portal, event.toUpperCase(), data, { by }),
		handlers: () => portal.handlerStore.list().map(showHandler),
		bindForOtherApp(event, url) {
			const handler = { appId: portal.otherApp.id, event: event.toUpperCase(), url };
			portal.handlerStore.add({ ...handler, userId: 0, connector: '', minTimeout: 1 });
		},
		forge: (forgery) => forge(portal, forgery),
		delivery(event, data, { by = portal.currentUserId, auth, ...rest }: DeliveryOverrides = {}) {
			const genuine = payload(portal, event, 711, data, { ...appAuth(portal, portal.app, event, by), ...auth });
			return { ...genuine, ...rest };
		},
	};
}

type TokenTools = 'expireAccessTokens' | 'revokeAccessTokens' | 'revokeRefreshTokens' | 'reinstallApp' | 'issueTokens';

function tokens(portal: Portal): Pick<Simulator, TokenTools> {
	return {
		expireAccessTokens: () => portal.tokenStore.expireAccess(),
		revokeAccessTokens: () => portal.tokenStore.revokeAccess(),
		revokeRefreshTokens: () => portal.tokenStore.revokeRefresh(),
		reinstallApp() {
			portal.app.applicationToken = randomToken(32);
			portal.handlerStore.remove(({ appId }) => appId === portal.app.id);
		},
		issueTokens(userId = portal.currentUserId) {
			const grant = { appId: portal.app.id, userId };
			return { accessToken: portal.tokenStore.issueAccess(grant), refreshToken: portal.tokenStore.issueRefresh(grant) };
		},
	};
}

function webhooks(portal: Portal): Pick<Simulator, 'outgoingWebhooks' | 'incomingWebhooks'> {
	return {
		outgoingWebhooks: {
			add({ url, events: codes }) {
				const id = portal.handlerStore.newId();
				const webhook = { id, url, events: codes.map((code) => code.toUpperCase()), applicationToken: randomToken(32) };
				portal.queueServer.webhooks.push(webhook);
				return webhook;
			},
		},
		incomingWebhooks: {
			add({ userId = portal.currentUserId, scope = ['crm'] } = {}) {
				const secret = randomToken(16);
				portal.webhooks.push({ userId, secret, scope });
				return `${portal.portalUrl}/rest/${userId}/${secret}/`;
			},
		},
	};
}

/** The portal itself: its pages, `/oauth/authorize/` and `/rest/`. */
export function portalServer(portal: Portal): Express {
	const application = express();
	application.disable('x-powered-by');
	application.use(express.raw({ type: () => true, limit: '20mb' }));
	application.use(redirectRenamed(portal));
	application.get('/oauth/authorize', authorize(portal));
	application.use('/rest', handleRest(portal));
	application.use(pageRoutes(portal));
	return application;
}

/** A renamed portal answers 302 at its old address. */
function redirectRenamed(portal: Portal): RequestHandler {
	return (request, response, next) => {
		if (request.socket.localPort === Number(new URL(portal.portalUrl).port)) return next();
		response.redirect(302, `${portal.portalUrl}${request.originalUrl}`);
		if (!request.path.startsWith('/rest/')) return;
		const { method } = readAddress(request.path.slice('/rest'.length));
		const params = withoutSecrets(readParams(request));
		portal.calls.push({ at: portal.clock.now(), method, params, userId: null, status: 302 });
	};
}

/** The authorization server, `oauth.bitrix.info` in reality: gives out and renews tokens. */
export function authorizationServer(portal: Portal): Express {
	const application = express();
	application.disable('x-powered-by');
	application.use(express.raw({ type: () => true }));
	application.all('/oauth/token', tokenEndpoint(portal));
	return application;
}

/** A web server that is up. */
export interface Listening {
	/** `http://127.0.0.1:PORT` */
	url: string;
	port: number;
	/** Closes it, and every connection to it. */
	stop(): Promise<void>;
}

/** Serves an application on 127.0.0.1. @param port 0 for any that is free */
export function listen(application: Express, port: number): Promise<Listening> {
	const server = createServer(application);
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => {
			const address = server.address();
			const bound = typeof address === 'object' && address ? address.port : port;
			const stop = (): Promise<void> =>
				new Promise((done) => {
					server.close(() => done());
					server.closeAllConnections();
				});
			resolve({ url: `http://127.0.0.1:${bound}`, port: bound, stop });
		});
	});
}
