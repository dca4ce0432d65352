import { isoDate } from '../portal/isoDate.mjs';
import type { Portal } from '../portal/portal.mjs';
import { type Html, html } from './html.mjs';
import { table } from './table.mjs';

const SHOWN = 30;

/** The latest REST calls, without tokens. */
export function callsSection({ calls }: Portal): Html {
	const rows = calls
		.slice(-SHOWN)
		.reverse()
		.map(({ at, method, params, status, error }) => [
			isoDate(at),
			method,
			html`<code>${JSON.stringify(params)}</code>`,
			error === undefined ? status : `${status} ${error}`,
		]);
	return html`<h2>REST calls</h2>
		${table(['Time', 'Method', 'Parameters', 'Answer'], rows, 'Nobody has called yet.')}`;
}
