import express, { type Express } from 'express';
import { tokenEndpoint } from '../oauth/tokenEndpoint.mjs';
import type { Portal } from '../portal/portal.mjs';

/** The authorization server, `oauth.bitrix.info` in reality: gives out and renews tokens. */
export function authorizationServer(portal: Portal): Express {
	const application = express();
	application.disable('x-powered-by');
	application.use(express.raw({ type: () => true }));
	application.all('/oauth/token', tokenEndpoint(portal));
	return application;
}
