import type { Portal } from '../portal/portal.mjs';
import { type Html, html } from './html.mjs';
import { table } from './table.mjs';

/** The leads, with buttons to delete one or several, and a form to add one. */
export function leadsSection(portal: Portal): Html {
	const rows = portal.leadStore
		.list()
		.map(({ ID, TITLE, STATUS_ID }) => [
			html`<input type="checkbox" name="ids" value="${ID}" aria-label="Select lead ${ID}" />`,
			ID,
			TITLE,
			STATUS_ID,
			html`<button name="only" value="${ID}">Delete</button>`,
		]);
	return html`<h2>Leads</h2>
		<form method="post" action="/leads/delete">
			${table(['', 'ID', 'Title', 'Status', ''], rows, 'There are no leads.')}
			<p>
				<button>Delete selected</button>
				${actorSelect(portal)}
			</p>
		</form>
		<form method="post" action="/leads/add">
			<p>
				<input type="text" name="title" required placeholder="Title of a new lead" />
				<button>Add lead</button>
				${actorSelect(portal)}
			</p>
		</form>`;
}

function actorSelect({ users, currentUserId }: Portal): Html {
	return html`<label>
		as
		<select name="by">
			${users.map(
				({ id, name, lastName }) =>
					html`<option value="${id}" ${id === currentUserId ? 'selected' : ''}>${name} ${lastName}</option>`,
			)}
			<option value="robot">a robot (an automation rule: no user)</option>
		</select>
	</label>`;
}
