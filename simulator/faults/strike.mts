import type { Response } from 'express';
import type { Portal } from '../portal/portal.mjs';
import type { Strike } from './faults.mjs';

/**
 * Answers a call with a fault in place of its true answer.
 * @param truth what `truncated` breaks off
 * @returns the HTTP status that went out, 0 for none, and the error code for the log
 */
export function strike(
	portal: Portal,
	response: Response,
	fault: Strike,
	truth: unknown,
): { status: number; error: string } {
	if (fault === 'reset') {
		response.socket?.destroy();
		return { status: 0, error: 'reset' };
	}
	if (fault === 'timeout') return { status: 0, error: 'timeout' };
	if (fault === 'html') {
		response.status(200).type('html').send('<!DOCTYPE html><title>Bitrix24</title><h1>We will be right back</h1>');
		return { status: 200, error: 'html' };
	}
	if (fault === 'truncated') {
		const json = JSON.stringify(truth);
		response
			.status(200)
			.type('json')
			.send(json.slice(0, -Math.ceil(json.length / 2)));
		return { status: 200, error: 'truncated' };
	}
	if ('redirect' in fault) {
		response.redirect(302, fault.redirect);
		return { status: 302, error: 'redirect' };
	}
	if ('body' in fault) {
		response.status(200).type('json').send(JSON.stringify(fault.body));
		return { status: 200, error: 'body' };
	}
	return sendError(portal, response, fault);
}

type ErrorFault = Extract<Strike, { status: number } | { operatingResetAt: number }>;

function sendError(portal: Portal, response: Response, fault: ErrorFault): { status: number; error: string } {
	if ('operatingResetAt' in fault) {
		const time = { operating: 480, operating_reset_at: fault.operatingResetAt, start: portal.clock.now() / 1000 };
		const error = 'OPERATION_TIME_LIMIT';
		response.status(429).json({ error, error_description: 'Method is blocked due to operation time limit.', time });
		return { status: 429, error };
	}
	const { status, error, description = error } = fault;
	response.status(status).json({ error, error_description: description });
	return { status, error };
}
