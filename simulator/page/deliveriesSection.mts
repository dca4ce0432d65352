import { html, type Html, liveTable, time } from './layout.mjs';
import type { Delivery } from '../delivery/queueServer.mjs';
import type { Portal } from '../portal.mjs';

const SHOWN = 50;

/** What a verdict looks like in the table, and what it says of a delivery. */
const WORDS = {
	started: ['✓ Started', 'started a workflow'],
	ignored: ['– Ignored', 'was ignored'],
	accepted: ['✓ Accepted', 'was accepted'],
	refused: ['✕ Refused', 'was refused'],
	lost: ['✕ Lost', 'was lost'],
} as const;

/** What the queue server has sent, what it was answered, and what the node made of it. Tokens are not shown. */
export function deliveriesSection(portal: Portal): Html {
	const { deliveries } = portal;
	const rows = deliveries
		.slice(-SHOWN)
		.reverse()
		.map((delivery) => [
			time(delivery.at),
			html`<b>${delivery.event}</b> <code>${about(delivery)}</code>`,
			html`${verdict(portal, delivery)}${answer(delivery)}`,
		]);
	const headings = ['Sent at', 'Event', 'What came of it'];
	return html`<p role="status" id="latest" data-live>${latest(deliveries)}</p>
		${liveTable('deliveries', headings, rows, 'Nothing was sent yet.', { part: 'last', of: deliveries.length })}`;
}

/** One line for those who do not see the table change. */
function latest(deliveries: readonly Delivery[]): Html | string {
	const last = deliveries.at(-1);
	if (last === undefined) return '';
	const { kind, why } = outcome(last);
	return html`<span class="muted">Delivery ${deliveries.length}:</span> ${last.event}
		${WORDS[kind][1]}${why && `: ${why}`}`;
}

function verdict(portal: Portal, delivery: Delivery): Html {
	const { kind, why } = outcome(delivery);
	const execution = portal.executionOf(delivery);
	return html`<span class="verdict ${kind}">${WORDS[kind][0]}</span> ${why}
		${execution && html`<a href="${execution.url}" target="_blank">Execution ${execution.id}: ${execution.status}</a>`}`;
}

function about({ form }: Delivery): string {
	return shortened(JSON.stringify(form.data ?? null), 60);
}

function answer({ status, answer: body, handler }: Delivery): Html {
	const said = status === null ? 'No answer' : html`Answer ${status} <code>${shortened(body, 300)}</code>`;
	return html`<div class="muted small">${said} from ${handler}</div>`;
}

function shortened(text: string, most: number): string {
	return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** What became of a delivery, as far as its answer tells. */
export interface Outcome {
	/** `accepted`: answered with success by a handler that is no n8n, so nothing more is known. */
	kind: keyof typeof WORDS;
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
