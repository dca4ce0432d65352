import type { Portal } from '../portal/portal.mjs';
import { type Html, html } from './html.mjs';
import { table } from './table.mjs';

/** Everything that is bound: by apps, and by hand as outgoing webhooks. */
export function handlersSection(portal: Portal): Html {
	const bound = portal.handlerStore
		.list()
		.map(({ event, url, connector, appId }) => [
			event,
			url ? html`<code>${url}</code>` : html`<span class="muted">offline queue ${connector || '(shared)'}</span>`,
			appId === portal.app.id ? 'application' : 'another application',
		]);
	const webhooks = portal.queueServer.webhooks.map(({ events, url }) => [
		events.join(', '),
		html`<code>${url}</code>`,
		'outgoing webhook',
	]);
	return html`<div id="handlers" data-live>
		${table(
			['Event', 'Handler', 'Bound by'],
			[...bound, ...webhooks],
			'Nobody listens: activate a workflow that begins with a Bitrix24 trigger.',
		)}
	</div>`;
}
