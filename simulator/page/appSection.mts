import type { Portal } from '../portal/portal.mjs';
import { type Html, html } from './html.mjs';

/** The app's card: what a credential needs, and the two things that are set here. */
export function appSection({ app, portalUrl, authorizationServer }: Portal): Html {
	const facts = {
		'Portal URL': portalUrl,
		'Authorization server': authorizationServer,
		'Client ID': app.clientId,
		'Client secret': app.clientSecret,
		Permissions: app.scope.join(', '),
	};
	return html`<h2>Local application</h2>
		<table>
			${Object.entries(facts).map(
				([name, value]) =>
					html`<tr>
						<th>${name}</th>
						<td><code>${value}</code></td>
					</tr>`,
			)}
		</table>
		<form method="post" action="/app">
			<p>
				<label for="redirect">Your handler path</label>
				<input
					class="wide"
					type="text"
					id="redirect"
					name="redirectUri"
					value="${app.redirectUri}"
					placeholder="n8n: the credential's OAuth Redirect URL"
				/>
				<label
					><input type="checkbox" name="installed" ${app.installed ? 'checked' : ''} /> installation is complete</label
				>
				<button>Save</button>
			</p>
		</form>`;
}
