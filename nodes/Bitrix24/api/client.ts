import type { IDataObject } from 'n8n-workflow';
import type { ZodType, ZodTypeDef } from 'zod';

import { toActionableError } from './errors';
import type { ApiResult, ApiFailure } from './response';
import { parseResponse, unreadableAnswer } from './response';
import { retryDelay } from './retry';

/** An HTTP answer, whatever its status. */
export interface HttpResponse {
	status: number;
	/** Where a renamed portal sends us. */
	location: string | null;
	/** Parsed if it was JSON. */
	body: unknown;
}

/** What came back: an answer, or the reason why there is none. */
export type TransportResult = { answered: true; answer: HttpResponse } | { answered: false; failure: ApiFailure };

/** Sends one POST with a JSON body, and follows no redirect. */
export type Transport = (url: string, parameters: IDataObject) => Promise<TransportResult>;

/** A portal to call. */
export interface Client {
	/**
	 * Calls a REST method, patiently: waits out the rate limit, repeats what got no answer, follows a renamed portal.
	 *
	 * @param method as documented, `event.bind`
	 * @param parameters the method's parameters
	 */
	tryCall(method: string, parameters?: IDataObject): Promise<ApiResult>;
}

interface ClientOptions {
	/** The portal's address without a path, from the credential. */
	origin: string;
	transport: Transport;
	sleep: (milliseconds: number) => Promise<void>;
	/** Milliseconds since 1970. */
	now: () => number;
	/** How often a call may be repeated. */
	maxRetries: number;
	/** Milliseconds after which a call is repeated only for a reason that is sure to pass. Default: none. */
	retryBudgetMs?: number;
	/** Runs before each request, to keep the portal's rate. */
	beforeRequest?: () => Promise<void> | void;
}

// A renamed portal is one address further; a longer chain is a loop.
const maxRedirects = 3;

/** Makes a portal to call. The new address of a renamed portal is remembered as long as this object lives. */
export function createClient({
	origin,
	transport,
	sleep,
	now,
	maxRetries: repeats,
	retryBudgetMs: patience = Infinity,
	beforeRequest,
}: ClientOptions): Client {
	let base = `${origin}/rest/`;

	async function post(method: string, parameters: IDataObject): Promise<ApiResult> {
		let url = `${base}${method}.json`;
		for (let redirects = 0; redirects <= maxRedirects; redirects++) {
			await beforeRequest?.();
			const result = await transport(url, parameters);
			if (!result.answered) return { ok: false, failure: result.failure };
			const { status, location, body } = result.answer;
			if (status < 300 || status > 399) return parseResponse(status, body);
			const next = redirectTarget(url, location, method);
			if (next === null) break;
			({ url, base } = next);
		}
		return { ok: false, failure: { status: 302, code: 'UNREADABLE_ANSWER', description: 'it redirects elsewhere' } };
	}

	return {
		async tryCall(method, parameters = {}) {
			const begun = now();
			for (let repeat = 0; ; repeat++) {
				const answer = await post(method, parameters);
				const time = now();
				const pause = answer.ok ? null : retryDelay(repeat, answer.failure, time, time - begun < patience);
				if (pause === null || repeat >= repeats) return answer;
				await sleep(pause);
			}
		},
	};
}

/**
 * Calls a REST method and expects it to succeed.
 *
 * @param client the portal to call
 * @param method as documented, `app.info`
 * @param parameters the method's parameters
 * @param result the form that the method's result must have
 * @throws Refusal when the portal refuses, does not answer, or answers something else
 */
export async function call<T>(
	client: Client,
	method: string,
	parameters: IDataObject,
	result: ZodType<T, ZodTypeDef, unknown>,
): Promise<T> {
	const answer = await client.tryCall(method, parameters);
	if (!answer.ok) throw toActionableError(answer.failure);
	const parsed = result.safeParse(answer.result);
	if (parsed.success) return parsed.data;
	throw toActionableError(unreadableAnswer(method));
}

/**
 * Where a renamed portal's REST lives now. It answers 302 with the same path at its new address; the access token goes
 * there too, so a step down to unencrypted http and any other path are not followed.
 *
 * @param url the address that was called
 * @param location the answer's Location header
 * @param method the REST method that was called
 * @returns the address to call instead and what stands before the method's name in it, null when there is none to follow
 */
export function redirectTarget(
	url: string,
	location: string | null,
	method: string,
): { url: string; base: string } | null {
	if (location === null || !URL.canParse(location, url)) return null;
	const from = new URL(url);
	const to = new URL(location, url);
	const encrypted = to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:');
	const path = new RegExp(`^/rest/${method.replaceAll('.', '\\.')}(?:\\.json)?$`);
	if (!encrypted || !path.test(to.pathname)) return null;
	return { url: to.toString(), base: `${to.origin}/rest/` };
}
