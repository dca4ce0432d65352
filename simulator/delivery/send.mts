import type { Delivery } from './delivery.mjs';
import type { Payload } from './payload.mjs';
import { FORM_TYPE, phpForm } from './phpForm.mjs';
import { phpStrings } from './phpStrings.mjs';

/** Name under which the queue server calls. */
export const USER_AGENT = 'Bitrix24 Webhook Engine';

/**
 * Calls a handler once and reports what came of it; never throws, since the portal does not care either.
 * @param signal breaks the call off; undefined: the delivery is lost on the way
 */
export async function send(
	{ at, url, payload }: { at: number; url: string; payload: Payload },
	signal: AbortSignal | undefined,
): Promise<Delivery> {
	const strings = phpStrings(payload);
	const form = typeof strings === 'object' ? strings : {};
	const entry = { at, event: payload.event, handler: url, form };
	if (!signal) return { ...entry, status: null, answer: '', error: 'lost' };
	try {
		const response = await fetch(url, {
			method: 'POST',
			headers: { 'Content-Type': FORM_TYPE, 'User-Agent': USER_AGENT },
			body: phpForm({ ...payload }),
			redirect: 'manual',
			signal,
		});
		return { ...entry, status: response.status, answer: await response.text() };
	} catch (error) {
		return { ...entry, status: null, answer: '', error: reasonOf(error) };
	}
}

/** Node's `fetch` hides the cause of a network failure in `cause`. */
function reasonOf(error: unknown): string {
	return messageOf(causeOf(error)) ?? messageOf(error) ?? String(error);
}

function causeOf(error: unknown): unknown {
	return typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
}

function messageOf(error: unknown): string | undefined {
	return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : undefined;
}
