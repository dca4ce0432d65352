import { getEventListeners } from 'node:events';
import http from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What can go wrong with a call before it arrives, or because nobody answers it. */
export interface ConnectionFault {
	/** `refused`: nothing listens. `timeout`: nobody ever answers; the portal has to see to that. */
	kind: 'refused' | 'timeout';
	/** The path of the call, `/rest/app.info.json`. */
	path: string;
	/** How many calls it strikes. */
	times: number;
	/** Lets time pass: as long as a call is waited for, which takes no time here. */
	skip(milliseconds: number): void;
}

/**
 * Makes connections of this process fail. As soon as nothing goes on but waiting for one that nobody answers, time passes
 * until the first of those who wait gives up.
 *
 * @returns ends it, and breaks off what is still under way
 */
export async function strikeConnections({ kind, path, times, skip }: ConnectionFault): Promise<() => void> {
	const { request } = http;
	const { timeout } = AbortSignal;
	const port = await closedPort();
	const waiting = new Map<AbortController, number>();
	const going = new Set<http.ClientRequest>();
	const unanswered = new Map<http.ClientRequest, number>();
	const clientPatience = path.startsWith('/rest/') ? restPatience : renewalPatience;
	let left = times;
	let isOver = false;

	const struck = (...given: unknown[]): http.ClientRequest => {
		const [options, ...rest] = given;
		const isMeant = isOptions(options) && options.path?.startsWith(path) === true && left-- > 0;
		if (isMeant && kind === 'refused') return Reflect.apply(request, http, [{ ...options, port }, ...rest]);
		const sent: http.ClientRequest = Reflect.apply(request, http, given);
		if (isMeant) unanswered.set(sent, Date.now() + clientPatience);
		else going.add(sent);
		sent.once('close', () => (isMeant ? unanswered : going).delete(sent));
		return sent;
	};

	async function giveUpWhenQuiet(): Promise<void> {
		let quietTurns = 0;
		while (!isOver) {
			await sleep(1);
			quietTurns = unanswered.size > 0 && going.size === 0 ? quietTurns + 1 : 0;
			if (quietTurns < turnsUntilQuiet) continue;
			quietTurns = 0;
			giveUp();
		}
	}

	function giveUp(): void {
		const heard = [...waiting].filter(([{ signal }]) => getEventListeners(signal, 'abort').length > 0);
		const next = Math.min(...heard.map(([, until]) => until), ...unanswered.values());
		skip(Math.max(0, next - Date.now()));
		for (const [controller, until] of heard) {
			if (until > next) continue;
			waiting.delete(controller);
			controller.abort();
		}
		for (const [one, until] of unanswered) if (until <= next) one.destroy();
	}

	Object.assign(http, { request: struck });
	AbortSignal.timeout = (milliseconds) => {
		const controller = new AbortController();
		waiting.set(controller, Date.now() + milliseconds);
		return controller.signal;
	};
	if (kind === 'timeout') void giveUpWhenQuiet();
	return () => {
		isOver = true;
		Object.assign(http, { request });
		AbortSignal.timeout = timeout;
		for (const one of unanswered.keys()) one.destroy();
	};
}

// How long n8n's own HTTP clients wait: longer than the package does for an answer of the portal, though not for ever,
// and five minutes for the renewal of an access token (@n8n/client-oauth2).
const restPatience = 20_001;
const renewalPatience = 300_000;

// Turns of the event loop in which nothing but the struck call is under way. More than n8n needs from one call's answer
// to the next call.
const turnsUntilQuiet = 15;

function isOptions(given: unknown): given is http.RequestOptions {
	return typeof given === 'object' && given !== null && !(given instanceof URL);
}

/** A port at which nothing listens. */
async function closedPort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	return typeof address === 'object' && address !== null ? address.port : 1;
}
