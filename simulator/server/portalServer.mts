import express, { type Express, type RequestHandler } from 'express';
import { authorize } from '../oauth/authorize.mjs';
import { pageRoutes } from '../page/routes.mjs';
import type { Portal } from '../portal/portal.mjs';
import { readAddress } from '../rest/address.mjs';
import { handleRest } from '../rest/handleRest.mjs';
import { readParams } from '../rest/readParams.mjs';
import { withoutSecrets } from '../rest/withoutSecrets.mjs';

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
