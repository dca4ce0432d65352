import type { Response } from 'express';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Portal } from './portal.mjs';

/** What can go wrong with one REST call. */
export type Fault =
	/** An error answer in the documented form. */
	| { status: number; error: string; description?: string }
	/** 429 `OPERATION_TIME_LIMIT`; Unix seconds when the method can be called again. */
	| { operatingResetAt: number }
	| 'reset'
	| 'timeout'
	/** 200 with an HTML page in place of JSON. */
	| 'html'
	/** 200 with JSON that breaks off in the middle. */
	| 'truncated'
	/** The true answer, late. */
	| { delayMs: number }
	/** 302 to another address. */
	| { redirect: string }
	| { body: unknown };

/** How often a fault strikes, and whether the call still takes effect. */
export interface FaultOptions {
	times?: number;
	/** `before` (default): nothing was done. `after`: it was done, but the answer is lost. */
	when?: 'before' | 'after';
}

/** Name by which `faults.next` knows the authorization server. */
export const TOKEN_ENDPOINT = 'oauth.token';

/** Everything that can be made to go wrong. All off at first. */
export class Faults {
	/** What happens to deliveries: never sent, or (null) sent. */
	deliveries: 'lost' | null = null;
	private planned: Array<{ method: string; fault: Fault; left: number; when: FaultOptions['when'] }> = [];

	/**
	 * Makes the next call of a method go wrong.
	 * @param method a REST method, `*` for any of them, or `oauth.token` for the authorization server
	 * @param options how many times (default 1), or that and `when`
	 */
	next(method: string, fault: Fault, options: number | FaultOptions = {}): void {
		const { times = 1, when = 'before' } = typeof options === 'number' ? { times: options } : options;
		this.planned.push({ method: method.toLowerCase(), fault, left: times, when });
	}

	/** The fault that is planned for this call, if there is one; it counts as one of its times. */
	take(method: string): { fault: Fault; when: FaultOptions['when'] } | undefined {
		const found = this.planned.find(
			(one) => one.method === method || (one.method === '*' && method !== TOKEN_ENDPOINT),
		);
		if (!found) return undefined;
		found.left--;
		if (found.left <= 0) this.planned = this.planned.filter((one) => one !== found);
		return found;
	}

	clear(): void {
		this.planned = [];
		this.deliveries = null;
	}
}

/** What goes out for a call: an HTTP answer, or (status 0) none. */
export interface Reply {
	/** HTTP status, 0 where no answer comes: `error` says then whether the connection is cut or stays silent. */
	status: number;
	body: string;
	type: 'json' | 'html';
	location?: string;
	error?: string;
}

/**
 * Answers a call, unless a fault is planned for it.
 * @param sample what stands in for the true answer where the call is not carried out
 * @param carryOut makes the true answer
 */
export async function answerOrFail(
	portal: Portal,
	method: string,
	sample: unknown,
	carryOut: () => { status: number; body: unknown; error?: string },
): Promise<Reply> {
	const planned = portal.faults.take(method);
	if (planned) {
		const { fault, when } = planned;
		if (typeof fault !== 'object' || !('delayMs' in fault)) {
			return strike(portal, fault, when === 'after' ? carryOut().body : sample);
		}
		await sleep(fault.delayMs);
	}
	const { status, body, error } = carryOut();
	return json(status, body, error);
}

function json(status: number, body: unknown, error?: string): Reply {
	return { status, body: JSON.stringify(body), type: 'json', ...(error === undefined ? {} : { error }) };
}

/**
 * What a fault makes of a call's true answer.
 * @param truth what `truncated` breaks off
 */
function strike(portal: Portal, fault: Exclude<Fault, { delayMs: number }>, truth: unknown): Reply {
	if (fault === 'reset' || fault === 'timeout') return { status: 0, body: '', type: 'json', error: fault };
	if (fault === 'html') {
		const page = '<!DOCTYPE html><title>Bitrix24</title><h1>We will be right back</h1>';
		return { status: 200, body: page, type: 'html', error: 'html' };
	}
	if (fault === 'truncated') {
		const whole = JSON.stringify(truth);
		return { ...json(200, ''), body: whole.slice(0, -Math.ceil(whole.length / 2)), error: 'truncated' };
	}
	if ('redirect' in fault) return { ...json(302, ''), location: fault.redirect, error: 'redirect' };
	if ('body' in fault) return json(200, fault.body, 'body');
	if ('operatingResetAt' in fault) {
		const time = { operating: 480, operating_reset_at: fault.operatingResetAt, start: portal.clock.now() / 1000 };
		const error = 'OPERATION_TIME_LIMIT';
		return json(429, { error, error_description: 'Method is blocked due to operation time limit.', time }, error);
	}
	const { status, error, description = error } = fault;
	return json(status, { error, error_description: description }, error);
}

export function write(response: Response, { status, body, type, location, error }: Reply): void {
	if (status === 0) {
		if (error === 'reset') response.socket?.destroy();
	} else if (location !== undefined) {
		response.redirect(status, location);
	} else {
		response.status(status).type(type).send(body);
	}
}
