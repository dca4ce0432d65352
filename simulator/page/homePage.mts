import type { Portal } from '../portal/portal.mjs';
import { appSection } from './appSection.mjs';
import { callsSection } from './callsSection.mjs';
import { deliveriesSection } from './deliveriesSection.mjs';
import { handlersSection } from './handlersSection.mjs';
import { type Html, html } from './html.mjs';
import { layout } from './layout.mjs';
import { leadsSection } from './leadsSection.mjs';
import { newLeadForm } from './newLeadForm.mjs';
import { queueSection } from './queueSection.mjs';

/** The portal's only page: what there is, who listens, and what was sent. */
export function homePage(portal: Portal): string {
	return layout(
		'Simulated Bitrix24',
		html`<h1>Simulated Bitrix24</h1>
			<p class="muted small">${portal.domain}, member id ${portal.memberId}. <a href="/">Refresh</a></p>
			<main>
				<div>${section('Leads', leadsSection(portal))} ${section('Add a lead', newLeadForm(portal))}</div>
				<div>
					${section('Deliveries', deliveriesSection(portal))} ${section('Event handlers', handlersSection(portal))}
					${section('Offline queue', queueSection(portal))} ${section('REST calls', callsSection(portal))}
					${section('Local application', appSection(portal))}
				</div>
			</main>
			<script src="/page.js" defer></script>`,
	);
}

function section(title: string, content: Html): Html {
	return html`<section aria-label="${title}">
		<h2 tabindex="-1">${title}</h2>
		${content}
	</section>`;
}
