import { randomUUID } from 'node:crypto';

import { CookieJar } from 'tough-cookie';
import { z } from 'zod';

/** What n8n's REST API said when it refused a request. */
export class N8nRequestError extends Error {
	override readonly name = 'N8nRequestError';

	/**
	 * @param status HTTP status of the answer
	 * @param answer the `message` of n8n's answer, or its text when it is no JSON
	 */
	constructor(
		readonly method: string,
		readonly path: string,
		readonly status: number,
		readonly answer: string,
	) {
		super(`n8n answered ${method} ${path} with ${status}: ${answer}`);
	}
}

const refusal = z.object({ message: z.string() });
const envelope = z.object({ data: z.unknown() });

/** One browser that is looking at one n8n: its cookies, and the two names by which n8n tells its windows apart. */
export class N8nSession {
	/** Names the editor's window: n8n sends the progress of test executions to it. */
	readonly pushRef = randomUUID();

	readonly #browserId = randomUUID();

	readonly #cookies = new CookieJar();

	/** @param url n8n's address without a trailing slash */
	constructor(readonly url: string) {}

	/**
	 * Calls n8n as the editor does.
	 *
	 * @param path from the root, e.g. `/rest/workflows`
	 * @returns what the answer holds in `data`, unchecked; the whole answer where it has no `data`
	 * @throws {N8nRequestError} for every status of 400 and above
	 */
	async send(method: string, path: string, body?: unknown): Promise<unknown> {
		const response = await this.#fetch(`${this.url}${path}`, {
			method,
			headers: {
				'browser-id': this.#browserId,
				'push-ref': this.pushRef,
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const text = await response.text();
		const answer = parseJson(text);

		if (!response.ok) {
			const told = refusal.safeParse(answer);
			throw new N8nRequestError(method, path, response.status, told.success ? told.data.message : text.slice(0, 500));
		}
		const wrapped = envelope.safeParse(answer);
		return wrapped.success && wrapped.data.data !== undefined ? wrapped.data.data : answer;
	}

	/** As `send` with GET, the answer checked against a schema. */
	async get<T>(path: string, schema: z.ZodType<T, z.ZodTypeDef, unknown>): Promise<T> {
		return schema.parse(await this.send('GET', path));
	}

	/**
	 * Opens an address as a browser's window does, n8n's or another's: with that host's cookies and nothing else.
	 * Redirects are not followed.
	 */
	async open(url: string): Promise<Response> {
		return await this.#fetch(url, { headers: { accept: 'text/html' } });
	}

	/** The `Cookie` header for n8n. */
	async cookieHeader(): Promise<string> {
		return await this.#cookies.getCookieString(this.url);
	}

	async #fetch(url: string, init: { method?: string; headers: Record<string, string>; body?: string }) {
		const cookie = await this.#cookies.getCookieString(url);
		const response = await fetch(url, {
			...init,
			// A connection that is kept can be closed by n8n in the moment in which it is used again.
			headers: { connection: 'close', ...init.headers, ...(cookie === '' ? {} : { cookie }) },
			redirect: 'manual',
		});
		for (const line of response.headers.getSetCookie()) {
			await this.#cookies.setCookie(line, url, { ignoreError: true });
		}
		return response;
	}
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
