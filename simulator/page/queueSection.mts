import type { OfflineRecord } from '../offline/offlineRecord.mjs';
import type { Portal } from '../portal/portal.mjs';
import { type Html, html } from './html.mjs';
import { table } from './table.mjs';
import { time } from './time.mjs';

const SHOWN = 50;

/** The offline queue: what waits, what is reserved, what was put aside. */
export function queueSection({ queue }: Portal): Html {
	const records = queue.records();
	const rows = records
		.slice(-SHOWN)
		.map((record) => [
			record.ID,
			time(Date.parse(record.TIMESTAMP_X)),
			html`<b>${record.EVENT_NAME}</b> <code>${JSON.stringify(record.EVENT_DATA)}</code>`,
			record.connector || '(shared)',
			state(record),
		]);
	return html`<div id="queue" data-live>
		${table(
			['ID', 'Queued at', 'Event', 'Queue', 'State'],
			rows,
			'The queue is empty. It fills once a workflow with Bitrix24 Queue Trigger has subscribed to events.',
		)}
		${records.length > SHOWN ? html`<p class="muted">The last ${SHOWN} of ${records.length}.</p>` : ''}
	</div>`;
}

function state({ ERROR, PROCESS_ID }: OfflineRecord): string {
	if (ERROR === '1') return 'put aside';
	return PROCESS_ID === '' ? 'waiting' : `reserved by ${PROCESS_ID}`;
}
