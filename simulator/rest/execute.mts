import qs from 'qs';
import { type Clock, isoDate } from '../portal/clock.mjs';
import type { Portal } from '../portal/portal.mjs';
import { accessTokenOf, authenticateToken, authenticateWebhook, type Caller } from './authenticate.mjs';
import { type Call, type Method, Page } from './call.mjs';
import type { RestAddress } from './handleRest.mjs';
import { methods } from './methods.mjs';
import { Params, withoutSecrets } from './params.mjs';
import { RestError } from './restError.mjs';

/** A REST answer before it is written. */
export interface Answer {
	/** HTTP status. */
	status: number;
	body: Record<string, unknown>;
	/** Whose token it was; null when nobody could be recognised. */
	userId: number | null;
	/** `error` of the body. */
	error?: string;
}

/** What a call comes with, besides the portal. */
export interface Incoming {
	/** The caller's address. */
	source: string;
	authorization: string | undefined;
	address: RestAddress;
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
	const { method } = incoming.address;
	return method === 'batch' ? runBatch(portal, incoming) : runMethod(portal, method, incoming);
}

function runBatch(portal: Portal, incoming: Incoming): Answer {
	const startedAt = portal.clock.now();
	let caller: Caller | undefined;
	try {
		caller = recognise(portal, incoming);
		const { auth } = incoming.raw;
		const result = batch(incoming.raw, (method, raw) =>
			runMethod(portal, method, { ...incoming, raw: auth === undefined ? raw : { ...raw, auth } }),
		);
		return { status: 200, userId: caller.user.id, body: { result, time: callTime(portal.clock, startedAt) } };
	} catch (error) {
		return refusal(error, caller);
	}
}

function runMethod(portal: Portal, name: string, incoming: Incoming): Answer {
	const startedAt = portal.clock.now();
	let caller: Caller | undefined;
	try {
		const method = methods.get(name);
		if (!method) throw new RestError(404, 'ERROR_METHOD_NOT_FOUND', 'Method not found!');
		caller = recognise(portal, incoming);
		checkAccess(portal, caller, method.scope, incoming.raw);
		const result = method.run(makeCall(portal, caller, incoming));
		return {
			status: 200,
			userId: caller.user.id,
			body: { ...present(result), time: callTime(portal.clock, startedAt) },
		};
	} catch (error) {
		return refusal(error, caller);
	}
}

function recognise(portal: Portal, { authorization, address, raw }: Incoming): Caller {
	return address.webhook
		? authenticateWebhook(portal, address.webhook.userId, address.webhook.secret)
		: authenticateToken(portal, accessTokenOf(authorization, raw));
}

function checkAccess(portal: Portal, caller: Caller, scope: Method['scope'], raw: Record<string, unknown>): void {
	if (!portal.plan.rest) {
		throw new RestError(403, 'ACCESS_DENIED', 'REST API is available only on commercial plans');
	}
	if (scope !== undefined && ![scope].flat().some((one) => caller.scope.includes(one))) {
		const description = 'The request requires higher privileges than provided by the access token';
		throw new RestError(403, 'insufficient_scope', description);
	}
	if (connectorOf(raw) !== '' && !portal.plan.authConnector) throw RestError.license('auth_connector');
}

function makeCall(portal: Portal, { user, app, scope }: Caller, { raw, answered }: Incoming): Call {
	const query = withoutSecrets(raw);
	const connector = connectorOf(raw);
	const origin = { by: user.id, connector, answered, ...(app ? { appId: app.id } : {}) };
	return { portal, params: new Params(query), query, user, app, scope, connector, origin };
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
	const { status, code, description } = error;
	const body = { error: code, error_description: description };
	return { status, body, userId: caller?.user.id ?? null, error: code };
}

const MOST_COMMANDS = 50;

/**
 * `batch {halt, cmd: {name: "method?query"}}`: runs up to 50 methods as one call.
 * @param run runs one of them, as if it had been called by itself
 */
export function batch(raw: Record<string, unknown>, run: (method: string, raw: Record<string, unknown>) => Answer) {
	const params = new Params(raw);
	const commands = Object.entries(params.record('cmd'));
	if (commands.length > MOST_COMMANDS) throw RestError.argument(`Max batch length exceeded ${MOST_COMMANDS}`);
	const result: Record<'result' | 'result_error' | 'result_total' | 'result_next' | 'result_time', object> = {
		...{ result: {}, result_error: {}, result_total: {}, result_next: {}, result_time: {} },
	};
	const put = (part: keyof typeof result, name: string, value: unknown) => {
		if (value !== undefined) Object.assign(result[part], { [name]: value });
	};
	for (const [name, command] of commands) {
		const [method = '', query = ''] = String(command).split(/\?(.*)/s);
		const { status, body } = run(method, qs.parse(query, { depth: 10 }));
		if (status !== 200) {
			put('result_error', name, body);
			if (params.integer('halt') === 1) break;
			continue;
		}
		put('result', name, body.result);
		put('result_total', name, body.total);
		put('result_next', name, body.next);
		put('result_time', name, body.time);
	}
	return result;
}

const OPERATING_SECONDS = 0.012;

/** The `time` of an answer. `operating` counts the seconds that the method took within the last ten minutes. */
export function callTime(clock: Clock, startedAt: number): Record<string, unknown> {
	const finishedAt = clock.now();
	return {
		start: startedAt / 1000,
		finish: finishedAt / 1000,
		duration: (finishedAt - startedAt) / 1000,
		processing: (finishedAt - startedAt) / 1000,
		date_start: isoDate(startedAt),
		date_finish: isoDate(finishedAt),
		operating_reset_at: Math.floor(startedAt / 1000) + 600,
		operating: OPERATING_SECONDS,
	};
}
