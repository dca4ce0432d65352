import type { SimulatedApp } from '../portal/app.mjs';
import type { Call } from './call.mjs';
import { RestError } from './restError.mjs';

/** The app whose token it is; an incoming webhook has none. @throws RestError 403 `WRONG_AUTH_TYPE` */
export function requireApp({ app }: Call): SimulatedApp {
	if (app) return app;
	throw new RestError(403, 'WRONG_AUTH_TYPE', 'Current authorization type is denied for this method');
}
