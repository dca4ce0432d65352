import type { Portal } from '../portal/portal.mjs';
import { appSection } from './appSection.mjs';
import { callsSection } from './callsSection.mjs';
import { deliveriesSection } from './deliveriesSection.mjs';
import { handlersSection } from './handlersSection.mjs';
import { html } from './html.mjs';
import { layout } from './layout.mjs';
import { leadsSection } from './leadsSection.mjs';
import { queueSection } from './queueSection.mjs';

/** The portal's only page: what there is, who listens, and what was sent. */
export function homePage(portal: Portal): string {
	return layout(
		'Simulated Bitrix24',
		html`<h1>Simulated Bitrix24</h1>
			<p class="muted">${portal.domain}, member id ${portal.memberId}. <a href="/">Refresh</a></p>
			${leadsSection(portal)} ${deliveriesSection(portal)} ${handlersSection(portal)} ${queueSection(portal)}
			${appSection(portal)} ${callsSection(portal)}`,
	);
}
