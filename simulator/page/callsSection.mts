import type { Portal } from '../portal/portal.mjs';
import { type Html, html } from './html.mjs';
import { table } from './table.mjs';
import { time } from './time.mjs';

const SHOWN = 30;

/** The latest REST calls, without tokens. */
export function callsSection({ calls }: Portal): Html {
	const rows = calls
		.slice(-SHOWN)
		.reverse()
		.map(({ at, method, params, status, error }) => [
			time(at),
			method,
			html`<code>${JSON.stringify(params)}</code>`,
			error === undefined ? status : `${status} ${error}`,
		]);
	return html`<div id="calls" data-live>
		${table(['Called at', 'Method', 'Parameters', 'Answer'], rows, 'Nobody has called yet.')}
		${calls.length > SHOWN ? html`<p class="muted">The last ${SHOWN} of ${calls.length}.</p>` : ''}
	</div>`;
}
