import type { SimulatedApp } from '../portal/app.mjs';
import type { Portal, SimulatedUser } from '../portal/portal.mjs';
import { RestError } from './restError.mjs';

/** Who calls: a user, through an app. */
export interface Caller {
	user: SimulatedUser;
	app: SimulatedApp;
}

const NO_AUTH = new RestError(401, 'NO_AUTH_FOUND', 'Wrong authorization data');
const EXPIRED = new RestError(401, 'expired_token', 'The access token provided has expired.');

/** The access token of a call: `Authorization: Bearer`, or the parameter `auth` or `access_token`. */
export function accessTokenOf(authorization = '', params: Record<string, unknown>): string {
	const bearer = /^Bearer (.+)$/i.exec(authorization)?.[1];
	const token = bearer ?? params.auth ?? params.access_token;
	return typeof token === 'string' ? token : '';
}

/** Recognises an app's access token. @throws RestError 401 */
export function authenticateToken(portal: Portal, token: string): Caller {
	const grant = portal.tokenStore.readAccess(token);
	if (grant === 'expired') throw EXPIRED;
	const app = [portal.app, portal.otherApp].find(({ id }) => id === grant?.appId);
	const user = portal.users.find(({ id }) => id === grant?.userId);
	if (!app || !user) throw NO_AUTH;
	return { user, app };
}
