import type { ZodType, ZodTypeDef } from 'zod';

import { meaningOf, toActionableError } from './errors';
import type { RateLimiter } from './rateLimiter';
import type { ApiFailure, ApiResult } from './response';
import { parseResponse, unreadableAnswer } from './response';
import { retryDelay } from './retry';

/** Parameters of a REST method, by name. */
export type Parameters = { [name: string]: unknown };

/** What may differ from call to call. */
export interface CallOptions {
	/** Ends waits, and a request under way. */
	signal?: AbortSignal;
	/** Milliseconds until a request counts as not answered. Default: 20 seconds. */
	timeoutMs?: number;
	/** How often a call may be retried. Default: 5. */
	maxRetries?: number;
	/** Milliseconds after which only what passes within seconds is retried; 0 for from the first time. Default: no limit. */
	retryBudgetMs?: number;
	/**
	 * Lets other calls go first: a request is made only where the portal's rate has a place for it that nobody waits for,
	 * within so many milliseconds (0: at once). Default: it waits for its turn, however long.
	 */
	spareRateWithinMs?: number;
	/** Asked before each request: one that it refuses is not made. */
	admit?: () => boolean;
	/** The access token that an event brought, in place of the credential's. It is never renewed. */
	accessToken?: string;
}

/** A client of one app on one portal. */
export interface Client {
	/**
	 * Calls a REST method and expects it to succeed.
	 *
	 * @param method as documented, `app.info`
	 * @param schema the form that the method's result must have
	 * @throws ActionableError when the portal refuses, does not answer, or answers something else
	 */
	call<T>(method: string, parameters: Parameters, schema: ZodType<T, ZodTypeDef, unknown>): Promise<T>;
	/** Calls a REST method: waits out the rate limit, retries what may pass, follows a renamed portal. */
	tryCall(method: string, parameters?: Parameters): Promise<ApiResult>;
	/** The same client with other options for its calls. */
	extend(options: CallOptions): Client;
}

/** An HTTP response, whatever its status. */
export interface HttpResponse {
	status: number;
	/** Where a renamed portal sends us. */
	location: string | null;
	/** Parsed if it was JSON. */
	body: unknown;
}

/** What came back: a response, or the reason why there is none. */
export type TransportResult = { answered: true; response: HttpResponse } | { answered: false; failure: ApiFailure };

/** Sends one POST with a JSON body, and follows no redirect. */
export type Transport = (
	url: string,
	parameters: Parameters,
	options: { timeoutMs: number; signal?: AbortSignal; accessToken?: string },
) => Promise<TransportResult>;

/** What a client is made of. */
export interface ClientContext {
	/** The portal's address without a path, from the credential. */
	origin: string;
	send: Transport;
	sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
	/** Epoch milliseconds. */
	now: () => number;
	/** The portal's, which everything in this process shares. */
	rateLimiter: RateLimiter;
	/** Where a renamed portal's REST was found (`https://new-name.bitrix24.com/rest/`), shared by everything with this credential. */
	movedTo: { get(): string | undefined; set(base: string | undefined): void };
}

const defaults = { timeoutMs: 20_000, maxRetries: 5, retryBudgetMs: Infinity };

// What Bitrix24 would answer. It was not asked, and is not asked again.
const overRate: ApiFailure = { status: null, code: 'QUERY_LIMIT_EXCEEDED', description: '' };

// A renamed portal is one address further; a longer chain is a loop.
const maxRedirects = 3;

/** Makes a client of one app on one portal. */
export function createClient(context: ClientContext, options: CallOptions = {}): Client {
	const { origin, send, now, rateLimiter, movedTo } = context;
	const { signal, accessToken, timeoutMs, maxRetries, retryBudgetMs } = { ...defaults, ...options };
	const sleep = async (milliseconds: number) => await context.sleep(milliseconds, signal);
	const sending = { timeoutMs, ...(signal ? { signal } : {}), ...(accessToken === undefined ? {} : { accessToken }) };

	/** Whether a request may be made now. Every one comes by here. */
	async function isAdmitted(): Promise<boolean> {
		const { spareRateWithinMs, admit } = options;
		if (admit?.() === false) return false;
		if (spareRateWithinMs !== undefined) return await rateLimiter.takeSpare(sleep, spareRateWithinMs);
		await rateLimiter.wait(sleep);
		return true;
	}

	async function post(method: string, parameters: Parameters): Promise<ApiResult> {
		let url = `${movedTo.get() ?? `${origin}/rest/`}${method}.json`;
		for (let redirects = 0; redirects <= maxRedirects; redirects++) {
			if (!(await isAdmitted())) return failed(overRate);
			const result = await send(url, parameters, sending);
			if (!result.answered) return failed(result.failure);
			const { status, location, body } = result.response;
			if (status < 300 || status > 399) {
				const parsed = parseResponse(status, body);
				return parsed.ok ? parsed : failed(parsed.failure);
			}
			const next = redirectTarget(url, location, method);
			if (next === null) break;
			url = next.url;
			movedTo.set(next.base);
		}
		return failed({ status: 302, code: 'UNREADABLE_ANSWER', description: 'it redirects elsewhere' });
	}

	/** A portal that has moved once more, or whose address somebody else has now, is found by the credential's own. */
	function failed(failure: ApiFailure): ApiResult {
		const { appGone, mayHaveHappened } = meaningOf(failure);
		// What an event's own token may or may not do says nothing of where the portal is.
		if (accessToken === undefined && (appGone || mayHaveHappened)) movedTo.set(undefined);
		return { ok: false, failure };
	}

	const client: Client = {
		async tryCall(method, parameters = {}) {
			const begun = now();
			for (let retries = 0; ; retries++) {
				const result = await post(method, parameters);
				if (result.ok || result.failure === overRate || retries >= maxRetries || signal?.aborted) return result;
				const time = now();
				const delay = retryDelay(retries, result.failure, time, time - begun >= retryBudgetMs);
				if (delay === null) return result;
				await sleep(delay);
			}
		},
		async call(method, parameters, schema) {
			const result = await client.tryCall(method, parameters);
			if (!result.ok) throw toActionableError(result.failure);
			const parsed = schema.safeParse(result.result);
			if (parsed.success) return parsed.data;
			throw toActionableError(unreadableAnswer(method));
		},
		extend: (more) => createClient(context, { ...options, ...more }),
	};
	return client;
}

/**
 * Where a renamed portal's REST is now. It answers 302 with the same path at its new address; the access token goes there
 * too, so a step down to unencrypted http and any other path are not followed.
 */
function redirectTarget(url: string, location: string | null, method: string): { url: string; base: string } | null {
	if (location === null || !URL.canParse(location, url)) return null;
	const from = new URL(url);
	const to = new URL(location, url);
	const encrypted = to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:');
	const path = new RegExp(`^/rest/${method.replaceAll('.', '\\.')}(?:\\.json)?$`);
	if (!encrypted || !path.test(to.pathname)) return null;
	return { url: to.toString(), base: `${to.origin}/rest/` };
}
