import type { Portal } from '../portal/portal.mjs';
import { type Html, html } from './html.mjs';
import { table } from './table.mjs';

const SHOWN = 50;

/** The offline queue: what waits, what is reserved, what was put aside. */
export function queueSection({ queue }: Portal): Html {
	const records = queue.records();
	const rows = records
		.slice(-SHOWN)
		.map((record) => [
			record.ID,
			record.TIMESTAMP_X,
			record.EVENT_NAME,
			html`<code>${JSON.stringify(record.EVENT_DATA)}</code>`,
			record.connector || '(shared)',
			record.ERROR === '1' ? 'put aside' : record.PROCESS_ID ? `reserved by ${record.PROCESS_ID}` : 'waiting',
		]);
	const more = records.length > SHOWN ? html`<p class="muted">The last ${SHOWN} of ${records.length}.</p>` : '';
	return html`<h2>Offline queue</h2>
		${table(['ID', 'Time', 'Event', 'Data', 'Queue', 'State'], rows, 'The queue is empty.')} ${more}`;
}
