import express, { type Express, type RequestHandler } from 'express';
import { createPortal, type SimulatorOptions } from './createPortal.mjs';
import { type Listening, listen } from './listen.mjs';
import { authorize } from './oauth/authorize.mjs';
import { tokenEndpoint } from './oauth/tokenEndpoint.mjs';
import { pageRoutes } from './page/routes.mjs';
import type { Portal } from './portal/portal.mjs';
import { handleRest, readAddress } from './rest/handleRest.mjs';
import { readParams, withoutSecrets } from './rest/params.mjs';
import { controls, type Simulator } from './simulator.mjs';

/** Starts a simulated portal and its authorization server. Stop it with `stop()`. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const portal = createPortal(options);
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
function authorizationServer(portal: Portal): Express {
	const application = express();
	application.disable('x-powered-by');
	application.use(express.raw({ type: () => true }));
	application.all('/oauth/token', tokenEndpoint(portal));
	return application;
}
