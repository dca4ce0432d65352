import { type Answer, type Call, Page, Params, RestError, withoutSecrets } from './call.mjs';
import type { RestAddress, RestRequest } from './handleRest.mjs';
import { isAllowed, methods } from './methods.mjs';
import { type Clock, isoDate } from '../basics.mjs';
import type { Portal, SimulatedApp, SimulatedUser } from '../portal.mjs';

/** What a call comes with, besides the portal. */
interface Incoming extends RestRequest {
	address: RestAddress;
	/** Settles when the answer has been written. */
	answered: Promise<void>;
}

/** Admits, recognises and runs a REST call. Never throws: refusals are answers too. */
export function execute(portal: Portal, incoming: Incoming): Answer {
	if (!portal.bucket.admit(incoming.source, portal.rate)) {
		portal.rateLimited++;
		return refusal(new RestError(503, 'QUERY_LIMIT_EXCEEDED', 'Too many requests'), undefined);
	}
	return run(portal, incoming.address.method, incoming);
}

function run(portal: Portal, name: string, incoming: Incoming): Answer {
	const startedAt = portal.clock.now();
	let caller: Caller | undefined;
	try {
		const method = methods.get(name);
		if (!method) throw new RestError(404, 'ERROR_METHOD_NOT_FOUND', 'Method not found!');
		caller = recognise(portal, incoming);
		checkAccess(portal, caller, name, incoming.params);
		const result = method(makeCall(portal, caller, incoming));
		const body = { ...present(result), time: callTime(portal.clock, startedAt) };
		return { status: 200, userId: caller.user.id, body };
	} catch (error) {
		return refusal(error, caller);
	}
}

function recognise(portal: Portal, { authorization, address, params }: Incoming): Caller {
	return address.webhook
		? authenticateWebhook(portal, address.webhook.userId, address.webhook.secret)
		: authenticateToken(portal, accessTokenOf(authorization, params));
}

function checkAccess(portal: Portal, caller: Caller, method: string, raw: Record<string, unknown>): void {
	if (!portal.plan.rest) {
		throw new RestError(403, 'ACCESS_DENIED', 'REST API is available only on commercial plans');
	}
	if (!isAllowed(method, caller.scope)) {
		const description = 'The request requires higher privileges than provided by the access token';
		throw new RestError(403, 'insufficient_scope', description);
	}
	if (connectorOf(raw) !== '' && !portal.plan.authConnector) throw RestError.license('auth_connector');
}

function makeCall(portal: Portal, caller: Caller, incoming: Incoming): Call {
	const { params: raw, answered, address, authorization } = incoming;
	const token = address.webhook?.secret ?? accessTokenOf(authorization, raw);
	const { user, app } = caller;
	const query = withoutSecrets(raw);
	const connector = connectorOf(raw);
	const origin = { by: user.id, connector, answered, ...(app ? { appId: app.id } : {}) };
	const runAlso: Call['run'] = (name, params) =>
		run(portal, name, { ...incoming, params: { ...params, auth: raw.auth ?? raw.access_token } });
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

/** Who calls: a user, through an app or (no app) through an incoming webhook. */
export interface Caller {
	user: SimulatedUser;
	app: SimulatedApp | undefined;
	scope: string[];
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
	return { user, app, scope: app.scope };
}

/** Recognises an incoming webhook by the user and secret in its address. @throws RestError 401 */
export function authenticateWebhook(portal: Portal, userId: string, secret: string): Caller {
	const webhook = portal.webhooks.find((one) => String(one.userId) === userId && one.secret === secret);
	const user = portal.users.find(({ id }) => id === webhook?.userId);
	if (!webhook || !user) throw NO_AUTH;
	return { user, app: undefined, scope: webhook.scope };
}

/** An incoming webhook: REST on behalf of one user, by a secret in the address. */
export interface IncomingWebhook {
	userId: number;
	secret: string;
	scope: string[];
}

/** How fast a source may call: `burst` calls at once, `perSecond` for as long as it likes. */
export interface Rate {
	perSecond: number;
	burst: number;
}

/**
 * The portal's rate limit: one counter per source address, which grows by one a call, shrinks by `perSecond` a second,
 * and never passes `burst`.
 */
export class LeakyBucket {
	private readonly levels = new Map<string, { level: number; at: number }>();

	constructor(private readonly clock: Clock) {}

	/** Counts a call. False: it is over the limit, and must be refused (a refused call does not fill the bucket). */
	admit(source: string, rate: Rate): boolean {
		const now = this.clock.now();
		const { level, at } = this.levels.get(source) ?? { level: 0, at: now };
		const left = Math.max(0, level - ((now - at) / 1000) * rate.perSecond);
		const admitted = left + 1 <= rate.burst;
		this.levels.set(source, { level: admitted ? left + 1 : left, at: now });
		return admitted;
	}
}
