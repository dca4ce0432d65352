import type { Response } from 'express';
import type { Portal } from '../portal/portal.mjs';
import type { Strike } from './faults.mjs';

/** What goes out for a call: an HTTP answer, or (status 0) none. */
export interface Reply {
	/** HTTP status, 0 where no answer comes: `error` says then whether the connection is cut or stays silent. */
	status: number;
	body: string;
	type: 'json' | 'html';
	/** Where a redirect leads. */
	location?: string;
	/** The error code for the log. */
	error?: string;
}

/** An answer in JSON. */
export function json(status: number, body: unknown, error?: string): Reply {
	return { status, body: JSON.stringify(body), type: 'json', ...(error === undefined ? {} : { error }) };
}

/**
 * What a fault makes of a call's true answer.
 * @param truth what `truncated` breaks off
 */
export function strike(portal: Portal, fault: Strike, truth: unknown): Reply {
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

/** Writes a reply to a connection. */
export function write(response: Response, { status, body, type, location, error }: Reply): void {
	if (status === 0) {
		if (error === 'reset') response.socket?.destroy();
	} else if (location !== undefined) {
		response.redirect(status, location);
	} else {
		response.status(status).type(type).send(body);
	}
}
