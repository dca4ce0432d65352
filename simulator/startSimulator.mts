import type { Express, RequestHandler } from 'express';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { authorize, tokenEndpoint } from './oauth/endpoints.mjs';
import { pageRoutes } from './page/routes.mjs';
import { Portal, type SimulatorOptions } from './portal.mjs';
import { readParams, restApplication, withoutSecrets } from './rest/call.mjs';
import { handleRest, readAddress } from './rest/handleRest.mjs';
import { controls, type Simulator } from './simulator.mjs';

/** Starts a simulated portal and its authorization server. Stop it with `stop()`. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const portal = new Portal(options);
	const application = portalServer(portal);
	const main = await listen(application, options.port ?? 0);
	const oauth = await listen(authorizationServer(portal), options.authorizationPort ?? 0);
	const servers = [main, oauth];
	moveTo(portal, main, options.domain);
	portal.authorizationServer = oauth.url;
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

function moveTo(portal: Portal, { url }: Listening, domain = new URL(url).host): void {
	portal.portalUrl = url;
	portal.domain = domain;
}

/** The portal itself: its pages, `/oauth/authorize/` and `/rest/`. */
function portalServer(portal: Portal): Express {
	const application = restApplication();
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
function authorizationServer(portal: Portal): Express {
	const application = restApplication();
	application.all('/oauth/token', tokenEndpoint(portal));
	return application;
}

export interface Listening {
	/** `http://127.0.0.1:PORT` */
	url: string;
	/** Closes it, and every connection to it. */
	stop(): Promise<void>;
}

/** @param port 0 for any that is free */
export async function listen(application: Express, port: number): Promise<Listening> {
	const server = createServer(application).listen(port, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	return {
		url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`,
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
