import { type Clock, isoDate } from '../portal/clock.mjs';
import type { Portal } from '../portal/portal.mjs';
import { accessTokenOf, authenticateToken, type Caller } from './authenticate.mjs';
import { type Answer, type Call, type Method, Page } from './call.mjs';
import { methods } from './methods.mjs';
import { Params, withoutSecrets } from './params.mjs';
import { RestError } from './restError.mjs';

/** What a call comes with, besides the portal. */
interface Incoming {
	/** The caller's address. */
	source: string;
	authorization: string | undefined;
	method: string;
	/** The parameters, token included. */
	raw: Record<string, unknown>;
	/** Settles when the answer has been written. */
	answered: Promise<void>;
}

/** Admits, recognises and runs a REST call. Never throws: refusals are answers too. */
export function execute(portal: Portal, incoming: Incoming): Answer {
	if (!portal.bucket.admit(incoming.source, portal.rate)) {
		portal.rateLimited++;
		return refusal(new RestError(503, 'QUERY_LIMIT_EXCEEDED', 'Too many requests'), undefined);
	}
	return run(portal, incoming.method, incoming);
}

function run(portal: Portal, name: string, incoming: Incoming): Answer {
	const startedAt = portal.clock.now();
	let caller: Caller | undefined;
	try {
		const method = methods.get(name);
		if (!method) throw new RestError(404, 'ERROR_METHOD_NOT_FOUND', 'Method not found!');
		caller = authenticateToken(portal, accessTokenOf(incoming.authorization, incoming.raw));
		checkAccess(portal, caller, method.scope, incoming.raw);
		const result = method.run(makeCall(portal, caller, incoming));
		const body = { ...present(result), time: callTime(portal.clock, startedAt) };
		return { status: 200, userId: caller.user.id, body };
	} catch (error) {
		return refusal(error, caller);
	}
}

function checkAccess(portal: Portal, caller: Caller, scope: Method['scope'], raw: Record<string, unknown>): void {
	if (!portal.plan.rest) {
		throw new RestError(403, 'ACCESS_DENIED', 'REST API is available only on commercial plans');
	}
	if (scope !== undefined && ![scope].flat().some((one) => caller.app.scope.includes(one))) {
		const description = 'The request requires higher privileges than provided by the access token';
		throw new RestError(403, 'insufficient_scope', description);
	}
	if (connectorOf(raw) !== '' && !portal.plan.authConnector) throw RestError.license('auth_connector');
}

function makeCall(portal: Portal, caller: Caller, incoming: Incoming): Call {
	const { raw, answered, authorization } = incoming;
	const token = accessTokenOf(authorization, raw);
	const { user, app } = caller;
	const query = withoutSecrets(raw);
	const connector = connectorOf(raw);
	const origin = { by: user.id, connector, answered, appId: app.id };
	const runAlso: Call['run'] = (name, params) =>
		run(portal, name, { ...incoming, raw: { ...params, auth: raw.auth ?? raw.access_token } });
	return { portal, params: new Params(query), query, token, ...caller, connector, origin, run: runAlso };
}

function connectorOf(raw: Record<string, unknown>): string {
	return new Params(raw).text('auth_connector');
}

function present(result: unknown): Record<string, unknown> {
	if (!(result instanceof Page)) return { result };
	const { rows, next, total } = result;
	return { result: rows, ...(next === undefined ? {} : { next }), total };
}

function refusal(error: unknown, caller: Caller | undefined): Answer {
	if (!(error instanceof RestError)) throw error;
	const { status, body, code } = error;
	return { status, body, userId: caller?.user.id ?? null, error: code };
}

/** The `time` of an answer. `operating` counts the seconds that the method took within the last ten minutes. */
function callTime(clock: Clock, startedAt: number): Record<string, unknown> {
	const finishedAt = clock.now();
	const duration = (finishedAt - startedAt) / 1000;
	return {
		start: startedAt / 1000,
		finish: finishedAt / 1000,
		duration,
		processing: duration,
		date_start: isoDate(startedAt),
		date_finish: isoDate(finishedAt),
		operating_reset_at: Math.floor(startedAt / 1000) + 600,
		operating: 0.012,
	};
}
