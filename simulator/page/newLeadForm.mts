import type { Portal } from '../portal/portal.mjs';
import { actorSelect } from './actorSelect.mjs';
import { type Html, html } from './html.mjs';

/** The form that adds a lead. */
export function newLeadForm(portal: Portal): Html {
	const { users, currentUserId } = portal;
	return html`<form method="post" action="/leads/add" data-clear>
		<label class="wide">Title <input type="text" name="title" required placeholder="Acme Ltd" /></label>
		<label>Company <input type="text" name="company" autocomplete="off" /></label>
		<label>Phone <input type="tel" name="phone" autocomplete="off" /></label>
		<label>Value <input type="number" name="value" min="0" step="0.01" /></label>
		<label
			>Owner
			<select name="owner">
				${users.map(
					({ id, name, lastName }) =>
						html`<option value="${id}" ${id === currentUserId ? 'selected' : ''}>${name} ${lastName}</option>`,
				)}
			</select></label
		>
		<p class="actions">
			<button>Add lead</button>
			${actorSelect(portal)}
		</p>
	</form>`;
}
