import express, { type Express, type Request } from 'express';
import qs from 'qs';
import type { Origin, Portal, SimulatedApp, SimulatedUser } from '../portal.mjs';

/** A REST call that has been recognised and admitted. */
export interface Call {
	portal: Portal;
	params: Params;
	/** The parameters as they were sent, without the token. */
	query: Record<string, unknown>;
	user: SimulatedUser;
	/** The app whose token it is; undefined for an incoming webhook. */
	app: SimulatedApp | undefined;
	/** The access token of the call, or the webhook's secret. */
	token: string;
	scope: string[];
	/** `auth_connector`, `''` without one. */
	connector: string;
	origin: Origin;
	/** Runs another method, as if the same caller had called it by itself: for `batch`. */
	run(method: string, params: Record<string, unknown>): Answer;
}

export interface Answer {
	status: number;
	body: Record<string, unknown>;
	/** Whose token it was; null when nobody could be recognised. */
	userId: number | null;
	error?: string;
}

/** One page of a list: adds `total` and `next` to the answer. */
export class Page {
	constructor(
		readonly rows: unknown,
		readonly total: number,
		readonly next: number | undefined,
	) {}
}

export const PAGE_SIZE = 50;

/** Cuts the page that begins at `start` out of all rows. @param name under which the answer holds them, if any */
export function page<T>(rows: T[], start: number, show: (row: T) => unknown, name?: string): Page {
	const end = start + PAGE_SIZE;
	const shown = rows.slice(start, end).map(show);
	return new Page(name ? { [name]: shown } : shown, rows.length, end < rows.length ? end : undefined);
}

/** A REST method: returns `result` (or a page of it), or throws a RestError. */
export type Method = (call: Call) => unknown;

/** The app whose token it is; an incoming webhook has none. @throws RestError 403 `WRONG_AUTH_TYPE` */
export function requireApp({ app }: Call): SimulatedApp {
	if (app) return app;
	throw new RestError(403, 'WRONG_AUTH_TYPE', 'Current authorization type is denied for this method');
}

/** An answer of the kind `{"error", "error_description"}`. */
export class RestError extends Error {
	/**
	 * @param status HTTP status
	 * @param code `error`
	 * @param description `error_description`
	 */
	constructor(
		readonly status: number,
		readonly code: string,
		readonly description: string,
	) {
		super(`${code}: ${description}`);
	}

	get body(): { error: string; error_description: string } {
		return { error: this.code, error_description: this.description };
	}

	static argument(description: string): RestError {
		return new RestError(400, 'ERROR_ARGUMENT', description);
	}

	static missing(name: string): RestError {
		return RestError.argument(`Argument '${name}' is null or empty`);
	}

	static denied(reason = ''): RestError {
		return new RestError(403, 'ACCESS_DENIED', `Access denied! ${reason}`.trimEnd());
	}

	static license(feature: string): RestError {
		return new RestError(403, 'WRONG_LICENSE', `This feature is not enabled for the current license: ${feature}`);
	}
}

/** The parameters of a REST call. Names are compared without regard to case, as the portal does. */
export class Params {
	private readonly values: Map<string, unknown>;

	constructor(raw: Record<string, unknown>) {
		this.values = new Map(Object.entries(raw).map(([name, value]) => [name.toLowerCase(), value]));
	}

	/** Whether the parameter was sent at all; null counts as not sent. */
	has(name: string): boolean {
		return this.raw(name) !== undefined;
	}

	raw(name: string): unknown {
		return this.values.get(name) ?? undefined;
	}

	/** A string or number as text, `''` for anything else. */
	text(name: string): string {
		const value = this.raw(name);
		return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	}

	/** PHP's `intval`: the leading digits, 0 without any; `fallback` when the parameter was not sent. */
	integer(name: string, fallback = 0): number {
		if (!this.has(name)) return fallback;
		const value = this.raw(name);
		if (typeof value === 'boolean') return value ? 1 : 0;
		return Number.parseInt(this.text(name), 10) || 0;
	}

	/** A list of strings and numbers as text; undefined when not sent. @throws RestError for anything but a list */
	list(name: string): string[] | undefined {
		const value = this.raw(name);
		if (value === undefined) return undefined;
		if (typeof value !== 'object' || value === null) throw RestError.argument(`Value must be array of ${name} values`);
		return Object.values(value).map(String);
	}

	/** An object, or a PHP array, as an object; empty when not sent. @throws RestError for anything else */
	record(name: string): Record<string, unknown> {
		const value = this.raw(name);
		if (value === undefined) return {};
		if (typeof value !== 'object' || value === null) throw RestError.argument(`The ${name} is not an array.`);
		return { ...value };
	}
}

const LIMITS = { depth: 10, parameterLimit: 10_000 };

/** An application that reads queries, form bodies and JSON, in PHP's brackets. */
export function restApplication(): Express {
	const application = express();
	application.disable('x-powered-by');
	application.set('query parser', (query: string) => qs.parse(query, { ...LIMITS, arrayLimit: LIMITS.parameterLimit }));
	application.use(express.json({ limit: '20mb' }), express.urlencoded({ limit: '20mb', extended: true, ...LIMITS }));
	return application;
}

/** The parameters of a request: the query's, overlaid by those of the body. */
export function readParams({ query, body }: Request): Record<string, unknown> {
	return { ...query, ...Object(body) };
}

const SECRETS = new Set(['auth', 'access_token', 'refresh_token', 'client_secret']);

/** The parameters without tokens and secrets, for the log and for `event.test`, which does not echo the token. */
export function withoutSecrets(params: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(params).filter(([name]) => !SECRETS.has(name.toLowerCase())));
}
