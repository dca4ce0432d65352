import type { Portal } from '../portal/portal.mjs';
import { type Html, html } from './html.mjs';

/** Who does it: one of the staff, or a robot. */
export function actorSelect({ users, currentUserId }: Portal): Html {
	return html`<label
		>as
		<select name="by">
			${users.map(
				({ id, name, lastName }) =>
					html`<option value="${id}" ${id === currentUserId ? 'selected' : ''}>${name} ${lastName}</option>`,
			)}
			<option value="robot">a robot</option>
		</select></label
	>`;
}
