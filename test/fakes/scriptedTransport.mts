import type {
	CallOptions,
	Client,
	ClientContext,
	Parameters,
	Transport,
	TransportResult,
} from '../../nodes/Bitrix24/api/client.js';
import { createClient } from '../../nodes/Bitrix24/api/client.js';
import { createRateLimiter } from '../../nodes/Bitrix24/api/rateLimiter.js';

/** A transport that gives one result after the other, and the last one for ever. */
export function scriptedTransport(...results: [TransportResult, ...TransportResult[]]): {
	send: Transport;
	sent: Array<{ url: string; parameters: Parameters; options: Record<string, unknown> }>;
} {
	const sent: Array<{ url: string; parameters: Parameters; options: Record<string, unknown> }> = [];
	const send: Transport = async (url, parameters, options) => {
		sent.push({ url, parameters, options });
		return results[Math.min(sent.length, results.length) - 1] ?? results[0];
	};
	return { send, sent };
}

/** A client on a transport, with a rate limiter and an address of its own, and a sleep that takes no time. */
export function clientOn(
	send: Transport,
	options: CallOptions = {},
	{
		origin = 'https://old.bitrix24.com',
		now = () => 0,
		sleep = async () => undefined,
	}: Partial<Pick<ClientContext, 'origin' | 'now' | 'sleep'>> = {},
): Client {
	let base: string | undefined;
	const movedTo = { get: () => base, set: (to: string | undefined) => void (base = to) };
	return createClient({ origin, send, sleep, now, rateLimiter: createRateLimiter(now), movedTo }, options);
}

/** The portal answers a call. */
export function answered(status: number, body: unknown, location: string | null = null): TransportResult {
	return { answered: true, response: { status, location, body } };
}

/** A renamed portal names its new address. */
export function redirected(location: string | null, status = 302): TransportResult {
	return answered(status, '', location);
}
