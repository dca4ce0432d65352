import type { Request } from 'express';
import qs from 'qs';
import { RestError } from './restError.mjs';

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

const LIMITS = { depth: 10, parameterLimit: 10_000, arrayLimit: 10_000 };

/** The parameters of a request: the query's, overlaid by those of a JSON or form body. Malformed JSON counts as none. */
export function readParams(request: Request): Record<string, unknown> {
	const query = request.originalUrl.split('?')[1] ?? '';
	return { ...qs.parse(query, LIMITS), ...readBody(request) };
}

function readBody(request: Request): Record<string, unknown> {
	const body: unknown = request.body;
	if (!Buffer.isBuffer(body)) return {};
	const text = body.toString('utf8');
	return request.is('json') ? readJson(text) : qs.parse(text, LIMITS);
}

function readJson(text: string): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null ? { ...value } : {};
	} catch {
		return {};
	}
}

const SECRETS = new Set(['auth', 'access_token', 'refresh_token', 'client_secret']);

/** The parameters without tokens and secrets, for the log and for `event.test`, which does not echo the token. */
export function withoutSecrets(params: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(params).filter(([name]) => !SECRETS.has(name.toLowerCase())));
}
