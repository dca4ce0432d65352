import type { Delivery } from '../delivery/delivery.mjs';
import type { Portal } from '../portal/portal.mjs';
import { type Html, html } from './html.mjs';
import { type Outcome, outcome } from './outcome.mjs';
import { table } from './table.mjs';
import { time } from './time.mjs';

const SHOWN = 50;

const WORDS: Record<Outcome['kind'], string> = {
	started: '✓ Started',
	ignored: '– Ignored',
	accepted: '✓ Accepted',
	refused: '✕ Refused',
	lost: '✕ Lost',
};

const VERBS: Record<Outcome['kind'], string> = {
	started: 'started a workflow',
	ignored: 'was ignored',
	accepted: 'was accepted',
	refused: 'was refused',
	lost: 'was lost',
};

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
	return html`<p role="status" id="latest" data-live>${latest(deliveries)}</p>
		<div id="deliveries" data-live>
			${table(['Sent at', 'Event', 'What came of it'], rows, 'Nothing was sent yet.')}
			${deliveries.length > SHOWN ? html`<p class="muted">The last ${SHOWN} of ${deliveries.length}.</p>` : ''}
		</div>`;
}

/** One line for those who do not see the table change. */
function latest(deliveries: readonly Delivery[]): Html | string {
	const last = deliveries.at(-1);
	if (last === undefined) return '';
	const { kind, why } = outcome(last);
	return html`<span class="muted">Delivery ${deliveries.length}:</span> ${last.event} ${VERBS[kind]}${why && `: ${why}`}`;
}

function verdict(portal: Portal, delivery: Delivery): Html {
	const { kind, why } = outcome(delivery);
	const execution = portal.executionOf(delivery);
	return html`<span class="verdict ${kind}">${WORDS[kind]}</span> ${why}
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
