import type { Delivery } from '../delivery/delivery.mjs';

/** What became of a delivery, as far as its answer tells. */
export interface Outcome {
	/** `accepted`: answered with success by a handler that is no n8n, so nothing more is known. */
	kind: 'started' | 'ignored' | 'accepted' | 'refused' | 'lost';
	/** In plain words; `''` where the kind says it all. */
	why: string;
}

/** n8n's answers to a delivery that has started a workflow, where the node leaves the answer to it. */
const STARTED = ['firstEntryJson', 'Workflow was started'];
/** Bitrix24 Trigger's answer to a genuine delivery that starts none. */
const IGNORED = 'Received';

/** Reads from a handler's answer what it made of a delivery. */
export function outcome({
	event,
	handler,
	status,
	answer,
	error,
}: Pick<Delivery, 'event' | 'handler' | 'status' | 'answer' | 'error'>): Outcome {
	if (status === null) return { kind: 'lost', why: `${error ?? 'no answer'}. Bitrix24 does not try again.` };
	const body = fields(answer);
	if (status < 200 || status >= 300) return { kind: 'refused', why: refusal(status, body) };
	if (STARTED.includes(String(body.message ?? answer))) {
		return { kind: 'started', why: handler.includes('/webhook-test/') ? 'a test: see the editor' : '' };
	}
	if (body.message !== IGNORED) return { kind: 'accepted', why: `answered ${status}` };
	const taught = event === 'ONAPPTEST';
	return { kind: 'ignored', why: taught ? 'it brings the application token' : 'not one of the chosen events' };
}

function refusal(status: number, { error, error_description: description, message }: Record<string, unknown>): string {
	if (status === 404 && String(message).includes('not registered')) {
		return 'n8n knows no such address: the workflow is not active, or nobody listens for a test event';
	}
	const words = String(description ?? message ?? 'no reason given');
	return `${words} (${[error, status].filter((part) => part !== undefined).join(', ')})`;
}

function fields(answer: string): Record<string, unknown> {
	try {
		const body: unknown = JSON.parse(answer);
		return typeof body === 'object' && body !== null ? { ...body } : {};
	} catch {
		// A handler may answer whatever it likes.
		return {};
	}
}
