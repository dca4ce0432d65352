import type { Lead } from '../crm/leads.mjs';
import type { Portal } from '../portal/portal.mjs';
import { html, type Html, table } from './html.mjs';

const SHOWN = 100;

/** The leads, with buttons to delete one or several, by a person or by a robot. */
export function leadsSection(portal: Portal): Html {
	const leads = portal.leadStore.list();
	const rows = leads.slice(0, SHOWN).map((lead) => row(portal, lead));
	return html`<form method="post" action="/leads/delete">
		<div id="leads" data-live>
			${table(['', 'ID', 'Lead', 'Owner', 'Value', ''], rows, 'There are no leads: add one.')}
			${leads.length > SHOWN ? html`<p class="muted">The first ${SHOWN} of ${leads.length}.</p>` : ''}
		</div>
		<p class="actions">
			<button>Delete selected</button>
			${actorSelect(portal)}
			<button name="as" value="robot" title="As an automation rule does: the event names no user">
				Delete selected as a robot
			</button>
		</p>
	</form>`;
}

function row({ users }: Portal, lead: Lead): unknown[] {
	const { ID, TITLE, COMPANY_TITLE, PHONE, ASSIGNED_BY_ID, OPPORTUNITY, CURRENCY_ID } = lead;
	const owner = users.find(({ id }) => String(id) === String(ASSIGNED_BY_ID));
	const about = [COMPANY_TITLE, firstPhone(PHONE)].filter(Boolean).join(', ');
	return [
		html`<input type="checkbox" name="ids" value="${ID}" id="select-${ID}" aria-label="Select lead ${ID}" />`,
		ID,
		html`<b>${TITLE}</b> ${about && html`<div class="muted small">${about}</div>`}`,
		owner && `${owner.name} ${owner.lastName}`,
		OPPORTUNITY && `${OPPORTUNITY} ${CURRENCY_ID ?? ''}`,
		html`<button name="only" value="${ID}" id="delete-${ID}" aria-label="Delete lead ${ID}">Delete</button>`,
	];
}

/** `[{VALUE, VALUE_TYPE}]`, as REST takes and gives it. */
function firstPhone(phones: unknown): string {
	const [first]: unknown[] = Array.isArray(phones) ? phones : [];
	return typeof first === 'object' && first !== null && 'VALUE' in first ? String(first.VALUE) : '';
}

/** The form that adds a lead. */
export function newLeadForm(portal: Portal): Html {
	return html`<form method="post" action="/leads/add" data-clear>
		<label class="wide">Title <input type="text" name="title" required placeholder="Acme Ltd" /></label>
		<label>Company <input type="text" name="company" autocomplete="off" /></label>
		<label>Phone <input type="tel" name="phone" autocomplete="off" /></label>
		<label>Value <input type="number" name="value" min="0" step="0.01" /></label>
		<label
			>Owner
			<select name="owner">
				${staff(portal)}
			</select></label
		>
		<p class="actions">
			<button>Add lead</button>
			${actorSelect(portal)}
		</p>
	</form>`;
}

/** The form that gives a lead another title. */
export function renameLeadForm(portal: Portal): Html {
	return html`<form method="post" action="/leads/rename" data-clear>
		<label>ID <input type="number" name="id" required min="1" /></label>
		<label class="wide">New title <input type="text" name="title" required autocomplete="off" /></label>
		<p class="actions">
			<button>Change title</button>
			${actorSelect(portal)}
		</p>
	</form>`;
}

/** Who does it: one of the staff, or a robot. */
function actorSelect(portal: Portal): Html {
	return html`<label
		>as
		<select name="by">
			${staff(portal)}
			<option value="robot">a robot</option>
		</select></label
	>`;
}

function staff({ users, currentUserId }: Portal): Html[] {
	return users.map(
		({ id, name, lastName }) =>
			html`<option value="${id}" ${id === currentUserId ? 'selected' : ''}>${name} ${lastName}</option>`,
	);
}
