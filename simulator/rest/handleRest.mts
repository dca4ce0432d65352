import type { RequestHandler } from 'express';
import { readParams, withoutSecrets } from './call.mjs';
import { execute } from './execute.mjs';
import { answerOrFail, type Reply, write } from '../faults.mjs';
import type { Portal } from '../portal.mjs';

/** One line of the log of REST calls. */
export interface RestCall {
	at: number;
	method: string;
	params: Record<string, unknown>;
	userId: number | null;
	/** HTTP status answered; 0 where a fault kept the answer back. */
	status: number;
	error?: string;
}

/** A call of REST, by HTTP or in process. */
export interface RestRequest {
	/** The caller's address, by which the rate is limited. */
	source: string;
	/** What follows `/rest` in the address. */
	path: string;
	authorization: string | undefined;
	params: Record<string, unknown>;
}

const SAMPLE = { result: { process_id: null, events: [] } };

/** Answers everything below `/rest`, and logs it. */
export function handleRest(portal: Portal): RequestHandler {
	return async (request, response) => {
		const call = {
			source: request.ip ?? '',
			path: request.path,
			authorization: request.get('authorization'),
			params: readParams(request),
		};
		await answerRest(portal, call, (reply) => write(response, reply));
	};
}

/**
 * Answers a call of REST, and logs it.
 * @param send hands the answer over; events that the call has caused follow after it
 */
export async function answerRest(portal: Portal, request: RestRequest, send: (reply: Reply) => void): Promise<void> {
	const address = readAddress(request.path);
	const at = portal.clock.now();
	let userId: number | null = null;
	let release = (): void => undefined;
	const answered = new Promise<void>((resolve) => (release = resolve));
	const reply = await answerOrFail(portal, address.method, SAMPLE, () => {
		const answer = execute(portal, { ...request, address, answered });
		({ userId } = answer);
		return answer;
	});
	try {
		send(reply);
		const { status, error } = reply;
		const entry = { at, method: address.method, params: withoutSecrets(request.params), userId, status };
		portal.calls.push({ ...entry, ...(error === undefined ? {} : { error }) });
	} finally {
		release();
	}
}

/** What a REST address names: a method, and for an incoming webhook the user and secret in front of it. */
export interface RestAddress {
	method: string;
	webhook?: { userId: string; secret: string };
}

/** Reads what follows `/rest` in a path: `/METHOD`, `/METHOD.json` or `/USERID/SECRET/METHOD.json`. */
export function readAddress(path: string): RestAddress {
	const parts = path.split('/').filter((part) => part !== '');
	const method = (parts.at(-1) ?? '').replace(/\.(json|xml)$/i, '').toLowerCase();
	const [userId, secret] = parts;
	return parts.length === 3 && userId && secret ? { method, webhook: { userId, secret } } : { method };
}
