import type { Delivery } from '../delivery/delivery.mjs';
import { isoDate } from '../portal/isoDate.mjs';
import type { Portal } from '../portal/portal.mjs';
import { type Html, html } from './html.mjs';
import { table } from './table.mjs';

const SHOWN = 50;

/** What the queue server has sent, and what it was answered. Tokens are not shown. */
export function deliveriesSection({ deliveries }: Portal): Html {
	const rows = deliveries
		.slice(-SHOWN)
		.reverse()
		.map((delivery) => [
			isoDate(delivery.at),
			delivery.event,
			html`<code>${JSON.stringify(delivery.form.data ?? null)}</code>`,
			delivery.handler,
			verdict(delivery),
			html`<code>${delivery.answer.slice(0, 300)}</code>`,
		]);
	return html`<h2>Deliveries</h2>
		${table(['Left the queue', 'Event', 'Data', 'Handler', 'Result', 'Answer'], rows, 'Nothing was sent yet.')}`;
}

function verdict({ status, error }: Delivery): Html {
	const good = status !== null && status >= 200 && status < 300;
	return html`<span class="${good ? 'good' : 'bad'}">${status ?? `lost: ${error}`}</span>`;
}
